//go:build ignore

// Variables and structs of functions that are hard to declare in C. It is not loaded.

#define SEC(name) __attribute__((section(name)))
#define TAG(tag) __attribute__((btf_type_tag(tag)))

typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned char u8;
typedef int (*function)(int a, const char *b);
typedef int prototype(void);
typedef struct { int x; } unnamed;
struct incomplete;
struct pair { int a; u64 b; };
struct __attribute__((packed)) tight { u8 a; u64 b; };
enum named { ONE, TWO };
enum wide { WIDE = 0x100000000ULL };
enum negative { NEGATIVE = -5 };

/* Places. */
char first = 1;
long second = 2;
static volatile int unseen = 3;
int aligned __attribute__((aligned(64))) = 4;
__attribute__((visibility("hidden"))) int hidden = 5;
__attribute__((weak)) int weak = 6;
__int128 longest = 7;
_Bool yes = 1;
u8 last = 1;
int zero;
long zeroes;
char text[33];
struct { } nothing;
int none[0];
int after;

/* Types. */
enum { RED, GREEN } colour = 1;
enum { LOW = -1, HIGH } level = 1;
enum { FAR = 0x1ffffffffULL } far = FAR;
enum named e1 = TWO;
enum wide e2 = WIDE;
enum negative e3 = NEGATIVE;
struct {
	int a : 3;
	unsigned b : 5;
	u64 c;
	const volatile int d;
	struct { char q[3]; } in;
	union { int x; float y; } u;
	enum { WITHIN } e;
} members = {1};
union { int a; u64 b; const char *p; } either = {1};
unnamed named_by_typedef = {1};
struct pair pair = {1};
struct tight tight = {1};
struct { int n; char rest[]; } open_ended = {1};
struct { int z; } several[2][2] = {{{1}}};
int cube[2][3][4] = {1};
function pointer, pointers[3];
int (*variadic)(struct incomplete *, ...);
int (*(*returns)(int))(char);
prototype *known = (void *)1;
const char *const strings[2][3] = {{"x"}};
struct incomplete *unknown = (void *)1;
const volatile int qualified = 7;
const volatile int *volatile const thrice = 0;
int TAG("one") *TAG("two") *tagged = (void *)1;

/* Sections. */
SEC(".data.of.its-own") int own = 1;
SEC(".rodata.own") const int own_constant = 1;
SEC(".bss.own") int own_zero;
SEC(".data.whose_name_is_longer_than_that_of_a_map") int longer = 1;
static SEC(".data.unseen") int own_unseen = 1;

extern int LINUX_KERNEL_VERSION SEC(".kconfig");
extern const volatile _Bool CONFIG_BPF SEC(".kconfig");
extern const char CONFIG_CC_VERSION_TEXT[10] SEC(".kconfig");
extern const volatile unsigned long CONFIG_HZ SEC(".kconfig");

SEC("tc")
int sum(void *ctx)
{
	static const char local[] = "local";
	static int count = 4;

	count++;
	unseen++;
	own_unseen++;
	return count + local[unseen] + LINUX_KERNEL_VERSION + CONFIG_BPF + CONFIG_CC_VERSION_TEXT[unseen & 7] + CONFIG_HZ + hidden;
}

/* Structs of functions. */
typedef int signature(int);
typedef signature *by_typedef;
struct many {
	int (*plain)(int);
	by_typedef named;
	const by_typedef qualified;
	u8 byte;
	struct pair pair;
	union { int m; long n; };
	struct { int o; };
	enum { LEFT, RIGHT } side;
	enum { UP } other;
	enum named e1;
	enum wide e2;
	const char *name;
	int (*several[2])(int);
	float single;
	double twice;
	_Bool flag;
	const volatile u32 number;
	int none[0];
	void *any;
	u8 end;
};
struct bits {
	int (*plain)(int);
	int few : 4;
	u64 more : 40;
	int behind;
};

SEC("struct_ops/plain")
int plain(u64 *ctx)
{
	return 0;
}

SEC(".struct_ops.link") struct many linked = {.plain = (void *)plain};
SEC("?.struct_ops") struct many optional = {.named = (void *)plain};
SEC(".struct_ops") struct bits bits = {.plain = (void *)plain};

char LICENSE[] SEC("license") = "GPL";
