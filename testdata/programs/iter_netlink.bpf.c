#include "iter.h"

SEC("iter/netlink")
int work(struct bpf_iter__netlink *ctx)
{
	tell(ctx->meta);
	return 0;
}
