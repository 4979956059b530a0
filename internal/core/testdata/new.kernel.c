// A kernel where much has another place, another size or another type, or is gone.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

enum color { GREEN = -20, RED = 10, PINK = 11 };
enum large { SMALL = 70, HUGE = 0xba987654321ULL, HUGER };
struct list { struct list *next; struct list *previous; };
struct inner { short list[5]; long x; };
struct body {
	struct list list;
	u16 first;
	struct {
		u64 size;
		long sign;
	};
	u64 negative : 7, low : 4, middle : 7;
	u32 long_bits : 31;
	u32 added;
	u16 half;
	u16 word;
	struct body *parent;
	struct inner inner;
	struct inner many[2];
	char color;
	char name[32];
	u8 rest[];
};
typedef struct { u32 val; } count_t;
typedef int (*callback_t)(struct body *, short);
union both { u64 b; u32 a; u32 c; };

enum state { STATE_IDLE = 1, STATE_BUSYY = 2 };
struct task_struct { int pid; };
union other_kind { int x; };
struct in_module;
struct only_declared { int x; };
struct nested { int down; };
struct task {
	long __state;
	int pid;
	struct nested nested;
	u32 moved_out;
	int pointer;
	int list[4];
	int was_list;
	long sized;
	u32 renamed_since;
};
struct shape { int a; };

struct __attribute__((packed)) wide { u8 low[7]; u64 before : 7, bits : 60; };
struct far { char before[40000]; u32 field; };

struct pt_regs { unsigned long regs[31], sp, pc, pstate; };

struct { struct body b; enum color k1; enum large l; count_t c; callback_t f; union both u; enum state s; struct task_struct t; union other_kind o; struct in_module *i; struct only_declared d; struct task k; struct shape h; struct wide w; struct far f2; struct pt_regs r; unsigned long long_value; } all;
