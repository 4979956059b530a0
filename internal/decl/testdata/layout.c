// Where padding, bitfields, packing and alignment come from.

typedef unsigned long long u64;
typedef unsigned short u16;

struct bits {
	int a : 3;
	unsigned int b : 5;
	unsigned int c : 1;
	u64 d : 40;
	int e : 9;
};

struct zero {
	int a : 3;
	int : 0;
	int b : 4;
	char c;
	int d : 30;
};

struct gaps {
	unsigned int a : 3;
	unsigned int : 2;
	unsigned int b : 4;
	unsigned int : 13;
	unsigned int c : 1;
	u16 d;
	u16 e : 1;
	u64 f : 1;
};

struct holes {
	char c;
	long l __attribute__((aligned(32)));
	char d;
	short s __attribute__((aligned(16)));
};

struct tail {
	int a;
} __attribute__((aligned(16)));

struct far {
	char a;
	int b __attribute__((aligned(64)));
	char c __attribute__((aligned(64)));
} __attribute__((aligned(128)));

struct small {
	char a;
	short b;
	char c;
	int d;
	char e[3];
	short f __attribute__((aligned(8)));
};

struct packed {
	char c;
	int i;
	u64 q;
	int b : 7;
} __attribute__((packed));

struct packed_holes {
	char c;
	int i __attribute__((aligned(4)));
	u64 q;
	short s;
} __attribute__((packed));

struct half_packed {
	char c;
	int i __attribute__((packed));
	struct packed p;
	int j;
};

struct packed_bits {
	u64 a : 40;
	u64 b : 3;
	int c : 32;
	char d : 5;
} __attribute__((packed));

union mixed {
	int i;
	char c[13];
	struct packed p;
} __attribute__((aligned(8)));

struct nested {
	char kind;
	union {
		struct {
			char a;
			u64 b;
		};
		struct {
			u16 x : 5;
			u16 y : 11;
		} bits;
		char raw[3];
	};
	struct {
		int n;
		struct {
			char deep;
			double d;
		} inner[2];
	} __attribute__((packed)) outer;
	char last;
};

struct empty {};

struct empties {
	struct empty e;
	struct {
	} f;
	int g[0];
	int n;
	char rest[];
};

struct wide {
	__int128 big;
	char c;
	float f;
	double g;
	long double h;
	_Bool flag;
};

enum byte { B_ONE, B_TWO } __attribute__((packed));
enum word { W_BIG = 1ULL << 40, W_SMALL = 1 };
enum sword { S_BIG = 1LL << 40, S_NEG = -1 };
enum forced { F_ONE = 1 } __attribute__((mode(word)));
enum negative { N_ONE = -1, N_MAX = 2147483647 };
enum positive { P_MAX = 4294967295U };
enum half { H_ONE } __attribute__((mode(HI)));

struct enums {
	enum byte b;
	enum byte bits : 2;
	enum word w;
	enum sword s;
	enum forced f;
	enum negative n;
	enum positive p;
	enum half h;
	enum { IN_ONE, IN_TWO = 7 } in;
	enum { DEEP_ONE } *deep[2];
};

struct bits a1; struct zero a2; struct gaps a3; struct holes a4; struct tail a5;
struct far a6; struct small a7; struct packed a8; struct packed_holes a9;
struct half_packed a10; struct packed_bits a11; union mixed a12;
struct nested a13; struct empties a14; struct wide a15; struct enums a16;
