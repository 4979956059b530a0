// What must stand before what, forwards, and names that are used twice.

struct gamma;
union delta;
struct alpha;
typedef struct alpha alpha_t;

struct beta {
	struct alpha *a;
	struct beta *self;
	struct beta *next[2];
	alpha_t *named;
	struct gamma *never;
	union delta *nor_this;
};

struct alpha {
	struct beta by_value;
	int (*call)(alpha_t *, struct omega *, alpha_t (*)(struct beta));
};

typedef struct node node_t;
typedef int (*visit_t)(node_t *, void *);

struct node {
	node_t *left, *right;
	visit_t visit;
	struct {
		struct leaf *leaves[2];
		union {
			struct beta *b;
			node_t *n;
		};
	} in;
};

struct leaf {
	struct node *up;
	struct {
		struct leaf *next;
	} links[2];
};

typedef struct {
	int x;
} anonymous_t;

typedef struct {
	anonymous_t *list;
	struct wrapper *back;
} list_t;

struct wrapper {
	list_t list;
	enum color *c;
	enum { RED_IN, GREEN_IN } shade;
};

typedef struct cycle *cycle_t;
struct cycle {
	cycle_t (*step)(cycle_t);
};

typedef struct late late_t;
typedef late_t *late_p;
struct user_of_late {
	late_p p;
};
struct late {
	struct user_of_late u;
};

/* tags and typedefs are of different spaces of names */
struct same {
	int a;
};
typedef struct same same;
enum fruit { APPLE, PEAR };
typedef enum { ORANGE } orange;
union choice {
	int i;
};

static int one(void)
{
	struct same {
		char inner;
	} s = {1};
	typedef long orange;
	enum fruit { APPLE = 7, PLUM } f = PLUM;
	union choice {
		char c;
	} u = {2};
	enum { PEAR = 3, FIG } g = FIG;
	volatile orange o = s.inner + f + u.c + g;
	return o;
}

static int two(void)
{
	struct same {
		short other;
		struct same *next;
	} s = {1};
	typedef struct {
		int y;
	} same;
	same t = {3};
	volatile int o = s.other + t.y;
	return o;
}

struct two_spaces {
	struct same *s;
	same *t;
	enum fruit f;
	orange o;
	union choice *u;
};

/* constants without a name */
enum { LONE_A, LONE_B };

struct alpha v1; struct node v2; struct wrapper v3; struct cycle v4;
struct user_of_late v5; struct late v6; struct two_spaces v7; late_p v8;
int lone = LONE_B;
int (*keep1)(void) = one;
int (*keep2)(void) = two;
