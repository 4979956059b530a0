// Every kind of type, and what structs leave unused. record.sh makes kinds.btf of it.

#define tag(name) __attribute__((btf_decl_tag(name)))

typedef unsigned char u8;

struct opaque;

enum small { MINUS = -1, NIL };
enum large { TOP = 0xffffffffffffffffULL };
enum plain { HIGH = 0xffffffff };

union word {
	unsigned long long whole;
	u8 bytes[8];
};

struct holes {
	u8 first;
	int second;
	struct {
		short inner;
		long long far;
	};
	struct {
		u8 x;
	} pair[2];
	unsigned int low : 3;
	unsigned int high : 7;
	int : 0;
	unsigned int single : 1;
	long long last tag("exclusive");
	u8 tail;
} tag("counted");

struct lines {
	char buffer[100];
	int across[2];
	char forced __attribute__((aligned(64)));
	union {
		char other[80];
		struct {
			char front[70];
			char back;
		} parts;
	};
	struct opaque *end[];
};

typedef struct {
	char c;
	int i;
} __attribute__((packed)) packed_t;

const volatile int limit = 7;
double ratio;
static packed_t hidden = { .i = 1 };
extern int missing __attribute__((section(".ksyms")));

struct args {
	struct opaque *handle;
	void *restrict target;
	int __attribute__((btf_type_tag("user"))) * from;
	int (*callback)(void *, const struct holes *, ...);
	enum small s;
	enum large l;
	enum plain p;
	union word w;
};

__attribute__((section("tc"))) int entry(struct args *a tag("checked"), struct holes *h, struct lines *n)
{
	hidden.i += a->s + h->second;
	return limit + missing + hidden.i + n->forced;
}
