#include "iter.h"

SEC("iter/bpf_link")
int work(struct bpf_iter__bpf_link *ctx)
{
	tell(ctx->meta);
	return 0;
}
