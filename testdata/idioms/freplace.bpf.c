#include "idiom.h"

/* The program whose function it replaces is nothing that "prog load" can be told. */
SEC("freplace/pass")
int instead(struct xdp_md *ctx)
{
	return XDP_DROP;
}
