#include "work.h"

/* Drops packets. */
SEC("xdp")
int work(struct xdp_md *ctx)
{
	hit();
	return XDP_DROP;
}
