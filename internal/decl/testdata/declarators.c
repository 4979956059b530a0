// Pointers, arrays, functions, qualifiers and tags around a name.

#define __user __attribute__((btf_type_tag("user")))
#define __rcu __attribute__((btf_type_tag("rcu")))
#define __kind __attribute__((btf_decl_tag("kind")))

typedef int fn_t(void);
typedef int (*fn_p)(int, char *);
typedef fn_t *fn_pp[3];
typedef void noarg_t();
typedef int (*printer_t)(const char *, ...);
typedef char (*(*nested_t)(int (*)(fn_t *), void *))[4];
typedef int grid_t[2][3];
typedef const grid_t const_grid_t;
typedef struct incomplete *handle_t;
typedef union unknown *unknown_t;
typedef void *opaque_t;
typedef const void *const_opaque_t;
typedef __builtin_va_list va_list_t;
typedef _Bool bool_t;
typedef volatile int volatile_t;

struct declarators {
	const char *a;
	char *const b;
	volatile const char *c;
	const char *const *volatile d;
	char *restrict e;
	int f[2][3];
	char (*g)[5];
	char (**h[2])[5];
	int (*i)(int);
	int (*j[3])(void *);
	int (*(*k)(int))(char);
	void (*l)(void);
	void (*m)();
	void *(*n)(const struct declarators *self, int, ...);
	struct declarators *(*o)(struct declarators *);
	int (*const p)(void);
	int (*(*q[2][3])(void))[4];
	const int r[4];
	const char *s[4];
	volatile const int t[2][2];
	fn_t *u;
	fn_p v;
	fn_pp w;
	noarg_t *x;
	printer_t y;
	nested_t z;
	grid_t aa;
	const_grid_t ab;
	handle_t ac;
	unknown_t ad;
	opaque_t ae;
	const_opaque_t af;
	va_list_t ag;
	bool_t ah;
	volatile_t ai;
	enum later *aj;
	struct {
		int x;
	} *(*ak)(enum { AK_ONE } how, struct {
		char c;
	} *what);
	const struct {
		int y;
	} *al[2];
	int (*am)(int (*)(int (*)(void)));
};

struct tagged {
	int __user *a;
	const char __user *b;
	int __user *__rcu *c;
	struct tagged __rcu *d;
	void __user *e;
	int __user *f[2];
	int (*g)(char __user *buf);
	int h __kind;
};

extern __attribute__((noreturn)) void halt(int);
struct declarators v1;
struct tagged v2;
int use(fn_pp *a, const_grid_t *b) { return (*b)[0][1]; }
