// What names of C become in Go, and what Go has no type for.

typedef unsigned char u8;
typedef unsigned short __u16;
typedef __u16 uint16_t;
typedef uint16_t U16;
typedef U16 u16;
typedef _Bool bool;
typedef __int128 s128;

// One name for several.
struct name {
	int a;
};
typedef struct name *name;
union pair {
	int a;
	long b;
};
enum pair_ { PAIR };
struct pair__ {
	char c;
};
struct Pair {
	char d;
};
typedef struct same {
	int a;
} same;
typedef struct same same_t;

// A typedef names what has no name of its own; the first one, if there are two.
typedef struct {
	u8 bytes[4];
} second_t, first_t;
typedef enum { zero, _ONE, TWO } number_t;
typedef union {
	u16 a;
	u8 b[2];
} either_t;

typedef int function_t(first_t *, ...);
typedef struct never never_t;

enum small { LEAST = -1, MOST = 1 } __attribute__((packed));
enum large { LARGE = 1ULL << 40, name_2 };
enum { ZERO_, ZERO };

struct keywords {
	int type, func, range, _type, Type;
	char string, int8, _, __;
	bool nil;
	u16 map_1, map_1_0, map_10, _1;
};

struct within {
	struct {
		int a;
		struct {
			long b;
		};
	};
	struct {
		u8 c;
	} named[2], *pointed;
	union {
		int d : 3;
		struct {
			u16 e;
		};
		void (*f)(struct keywords *);
	};
	enum { INNER } g;
	either_t h;
	number_t i;
	function_t *j;
	never_t *k;
	name l;
	const volatile char m[2][3];
	same_t n;
	union {
		long o;
	} p[2];
};

struct numbers {
	s128 a;
	unsigned __int128 b;
	float c;
	double d;
	enum small e;
	enum large f;
	long double *g;
};

struct nothing {};

struct flexible {
	long a;
	struct nothing b;
	char c;
	u8 data[];
};

struct middle {
	char a;
	int none[0];
	u16 b;
};

struct unaligned {
	char a;
	struct {
		long b;
		int c[2];
	} d __attribute__((packed));
	u8 e : 1;
	u8 f : 7;
	short g;
} __attribute__((packed));

struct {
	struct name a;
	union pair b;
	enum pair_ c;
	struct pair__ d;
	struct Pair e;
	same f;
	second_t g;
	struct within h;
	struct numbers i;
	struct flexible *j;
	struct middle k;
	struct unaligned l;
	enum large m;
	u16 n;
	struct flexible o;
} all;
int enums = ZERO;
