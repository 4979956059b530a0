#include "idiom.h"

/* Variables that each processor has of its own. */
int counter SEC(".percpu") = 7;
struct {
	char name[16];
	__u64 zero;
} more SEC(".percpu.more");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	return counter++ + more.zero;
}
