// A kernel that has all that kinds.bpf.c asks for, mostly as it is there.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

enum color { RED = 1, GREEN = -2, BLUE = 3 };
enum large { HUGE = 0x123456789abULL, SMALL = 7 };
struct list { struct list *next; };
struct inner { int x; short list[4]; };
struct body {
	u8 first;
	u32 size;
	int sign;
	u32 low : 3, middle : 7;
	int negative : 5;
	u64 long_bits : 33;
	struct inner inner;
	struct inner many[3];
	struct body *parent;
	struct list list;
	union {
		u32 word;
		struct { u16 half; u16 other; };
	};
	enum color color;
	char name[16];
	u8 rest[];
};
typedef struct { u64 val; } count_t;
typedef int (*callback_t)(struct body *, long);
union both { u32 a; u64 b; };

enum state { STATE_IDLE = 1, STATE_BUSY = 2, STATE_ZOMBIE = 3 };
struct task { int pid; long state; struct inner inner; };
struct twin { int x; };

struct pt_regs { unsigned long r15, r14, di, ip, sp; };

struct { struct body b; enum large l; count_t c; callback_t f; union both u; enum state s; struct task t; struct twin w; struct pt_regs r; unsigned long long_value; } all;
