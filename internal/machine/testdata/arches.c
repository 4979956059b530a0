// What the test of machine code compiles for each architecture: the arithmetic, the
// jumps, the memory and the atomic operations that BPF programs have, too.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;
typedef int s32;

#define ATOMICS(T)                                                                              \
	T T##_add(T *p, T v) { return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST); }             \
	T T##_and(T *p, T v) { return __atomic_fetch_and(p, v, __ATOMIC_ACQUIRE); }             \
	T T##_or(T *p, T v) { return __atomic_fetch_or(p, v, __ATOMIC_RELEASE); }               \
	T T##_xor(T *p, T v) { return __atomic_fetch_xor(p, v, __ATOMIC_RELAXED); }             \
	T T##_xchg(T *p, T v) { return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST); }           \
	T T##_load(T *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }                       \
	void T##_store(T *p, T v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }                 \
	void T##_inc(T *p) { __atomic_fetch_add(p, 1, __ATOMIC_RELAXED); }                      \
	int T##_cas(T *p, T *e, T v) {                                                          \
		return __atomic_compare_exchange_n(p, e, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	}
ATOMICS(u8)
ATOMICS(u16)
ATOMICS(u32)
ATOMICS(u64)

#define ARITHMETIC(T)                                                         \
	T T##_math(T a, T b, T c)                                             \
	{                                                                     \
		T x = a * b + (c ? a / c : a) - (b ? c % b : 7);              \
		x ^= (a << (b & 15)) | (x >> (c & 15));                       \
		if (x > a)                                                    \
			x = -x;                                               \
		return x & ~b;                                                \
	}
ARITHMETIC(u32)
ARITHMETIC(u64)
ARITHMETIC(s32)
ARITHMETIC(s64)

u16 swap16(u16 a) { return __builtin_bswap16(a); }
u32 swap32(u32 a) { return __builtin_bswap32(a); }
u64 swap64(u64 a) { return __builtin_bswap64(a); }
s64 extend8(s64 a) { return (signed char)a; }
s64 extend16(s64 a) { return (short)a; }
s64 extend32(s64 a) { return (int)a; }
u64 bits(u64 a) { return __builtin_popcountl(a) + __builtin_clzl(a | 1) + __builtin_ctzl(a | 2); }
u64 number(void) { return 0xffffffff81234568; }
u64 small(void) { return 0x8000; }

struct record {
	u8 a;
	u16 b;
	u32 c;
	u64 d;
	s32 e;
	signed char f;
	short g;
	u64 many[40];
};

extern u64 helper(struct record *r, u64 a);
extern u64 global;

u64 fields(struct record *r, u64 n)
{
	u64 sum = r->a + r->b + r->c + r->d + r->e + r->f + r->g;
	for (u64 i = 0; i < n && i < 40; i++) {
		r->many[i] += sum;
		sum += helper(r, r->many[i] ^ i);
		if ((s64)sum < 0)
			break;
	}
	r->a = sum, r->b = sum, r->c = sum, r->d = sum;
	return sum + global;
}

u64 indirect(u64 (*f[])(struct record *, u64), struct record *r, u32 i)
{
	switch (i) {
	case 0:
		return f[0](r, 1) + 12345678901;
	case 1:
		return f[1](r, global);
	case 2:
		return r->c == 17 ? r->d : r->b;
	case 3:
		return __builtin_expect(r->a > 100, 0) ? helper(r, 0) : 0;
	case 4:
		return r->many[r->a & 31];
	default:
		return f[i & 3](r, i) * 10;
	}
}

void copy(struct record *a, const struct record *b) { *a = *b; }
void clear(struct record *a) { __builtin_memset(a, 0, sizeof(*a)); }
