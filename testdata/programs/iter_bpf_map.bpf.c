#include "iter.h"

SEC("iter/bpf_map")
int work(struct bpf_iter__bpf_map *ctx)
{
	tell(ctx->meta);
	return 0;
}
