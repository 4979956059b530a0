#include "iter.h"

SEC("iter/ipv6_route")
int work(struct bpf_iter__ipv6_route *ctx)
{
	tell(ctx->meta);
	return 0;
}
