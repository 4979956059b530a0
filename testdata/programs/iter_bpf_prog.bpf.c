#include "iter.h"

SEC("iter/bpf_prog")
int work(struct bpf_iter__bpf_prog *ctx)
{
	tell(ctx->meta);
	return 0;
}
