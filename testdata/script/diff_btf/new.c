/* The new side of diff_btf.txtar. */

enum color { RED, GREEN = 5, WHITE };

typedef long number;
typedef struct { int x, y; } point;

struct inner { long a; };

struct outer {
	struct inner *inner;
	int flags : 4;
	int more : 1;
	union { unsigned int ip4; unsigned int ip6[4]; } address;
	long added;
	char name[8];
	int final;
};

struct added { int x; };
union same { int x; long y; };

struct outer outer;
struct inner inner;
struct added added;
union same same;
enum color color;
number n;
point p;

int kept(struct outer *o) { return o->final; }
long changed(int a, struct outer *o) { return a; }
int new_only(const char *s) { return *s; }
