// Memory that a program shares with its process, with variables in it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, 33);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2);
	enum { extra = 1ull << 44 } map_extra;
} arena SEC(".maps");

int __arena one = 1;
int __arena two[3] = { 4, 5, 6 };

char _license[] SEC("license") = "GPL";

SEC("syscall")
int use(void *ctx)
{
	return one + two[2] + (&arena != ctx);
}
