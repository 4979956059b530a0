/* The old side of diff_btf.txtar. "make objects" makes the .btf of both. */

enum color { RED, GREEN, BLUE };

typedef int number;
typedef struct { int x; } point;

struct inner { int a; };

struct outer {
	struct inner *inner;
	int flags : 3;
	int more : 1;
	union { unsigned int ip4; unsigned char ip6[16]; } address;
	char name[8];
	int last;
};

struct removed { int x; };
union same { int x; long y; };

struct outer outer;
struct inner inner;
struct removed removed;
union same same;
enum color color;
number n;
point p;

int kept(struct outer *o) { return o->last; }
int changed(int a, int b) { return a + b; }
int old_only(int a) { return a; }
