#include "idiom.h"

/* It is static, and stands with the programs. */
SEC("xdp")
static __noinline int called(struct xdp_md *ctx)
{
	return ctx->ingress_ifindex ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int caller(struct xdp_md *ctx)
{
	return called(ctx);
}
