#include "idiom.h"

#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, 1 << 10); /* BPF_F_MMAPABLE */
	__uint(max_entries, 4);
#ifdef __TARGET_ARCH_x86
	__ulong(map_extra, 1ull << 44);
#endif
} arena SEC(".maps");

int __arena counter SEC(".addr_space.1") = 5;
long __arena numbers[600] SEC(".addr_space.1") = { 1, 2 };

/* Pointers are cast between the address spaces by instructions. */
SEC("syscall")
int count(void *ctx)
{
	long __arena *at = &numbers[1];
	void *user = (void *)at;

	asm volatile("" : : "r"(&arena)); /* a program has to name its arena */
	counter++;
	return *at + (user != 0);
}
