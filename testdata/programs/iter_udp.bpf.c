#include "iter.h"

SEC("iter/udp")
int work(struct bpf_iter__udp *ctx)
{
	tell(ctx->meta);
	return 0;
}
