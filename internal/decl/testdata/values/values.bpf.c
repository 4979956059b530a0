// Variables whose bytes tests read, and write, through their types in Go.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

enum color { RED, GREEN = 1, BLUE = 5, VERT = 1 };
enum sign { MINUS = -1, NONE, PLUS };
enum large { HUGE = 1ULL << 40, TINY = 1 };
enum deep { ABYSS = -1LL << 40 };

struct bits {
	int a : 3;
	u32 b : 5;
	u32 c : 1;
	u64 d : 40;
	int e : 9;
	_Bool f : 1;
	enum color g : 3;
	enum sign h : 2;
} bits = {-3, 21, 1, 0x123456789aULL, -200, 1, BLUE, MINUS};

// Nine bytes have the bits of b.
struct long_bits {
	u64 a : 3;
	u64 b : 63;
	s64 c : 62;
	u8 d;
} __attribute__((packed)) long_bits = {5, 0x7123456789abcdefULL, -0x123456789abcdefLL, 0x42};

struct packed {
	char c;
	int i;
	u64 q;
	struct {
		u16 x;
		double y;
	} in[2];
	_Bool yes;
	float f;
} __attribute__((packed)) packed = {'c', -70000, 0x1122334455667788ULL, {{1, 1.5}, {2, -2.5}}, 1, 0.25};

struct text {
	char full[4];
	char part[8];
	signed char small[2];
	u8 raw[3];
	char lines[2][3];
} text = {{'a', 'b', 'c', 'd'}, "hello", {-1, 2}, {7, 8, 9}, {"x", "y"}};

union value {
	u8 byte;
	u32 word;
	s64 number;
	double real;
	char name[12];
	struct packed packed;
	struct {
		u16 low, high;
	};
	u32 seven : 7;
} value = {.name = "union text"};

struct nested {
	u8 kind;
	union {
		u64 whole;
		struct {
			u32 first;
			union {
				s64 second;
				u8 bytes[8];
			};
		};
		char comm[16];
		int flags : 4;
	};
	struct {
		u16 port;
		struct {
			u32 addr;
			enum large size;
		};
	};
	union {
		int get_byte;
		int ReadByte;
		int set_byte;
	};
	u8 last;
} nested = {3, {.first = 0xa1b2c3d4, .second = -5}, {.port = 443, {.addr = 0x7f000001, .size = HUGE}}, {-9}, 0xff};

struct next {
	struct next *next;
	void (*call)(struct next *);
	u64 n;
} next = {0, 0, 12};

struct wide {
	u8 first;
	__int128 big;
	_Bool no, yes;
	float f;
	double d;
	enum deep deep;
	enum sign sign;
	enum color colors[3];
	u64 rows[2][2];
	u8 seek;
} wide = {1, (__int128)-2, 0, 1, 1.25, -2.5, ABYSS, MINUS, {GREEN, BLUE, 9}, {{1, 2}, {3, 4}}, 8};

struct odd {
	u8 a;
	u64 b __attribute__((aligned(32)));
	union value c;
	u16 d;
} odd = {1, 2, {.number = -3}, 4};

struct flexible {
	u32 n;
	struct {
	} nothing;
	u8 a;
	u64 rest[];
};
struct flexible *pointed;

u32 plain = 77;
static struct {
	u32 only;
} unnamed = {6};

int use(void) { return unnamed.only++; }
