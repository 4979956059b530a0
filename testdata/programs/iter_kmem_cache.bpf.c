#include "iter.h"

SEC("iter/kmem_cache")
int work(struct bpf_iter__kmem_cache *ctx)
{
	tell(ctx->meta);
	return 0;
}
