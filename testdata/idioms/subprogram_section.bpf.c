#include "idiom.h"

/* A function that programs call may have the section of one: it is a program as well. */
SEC("xdp")
int called(struct xdp_md *ctx)
{
	return ctx->ingress_ifindex ? XDP_DROP : XDP_PASS;
}

SEC("xdp.frags")
int caller(struct xdp_md *ctx)
{
	return called(ctx);
}
