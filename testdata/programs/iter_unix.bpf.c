#include "iter.h"

SEC("iter/unix")
int work(struct bpf_iter__unix *ctx)
{
	tell(ctx->meta);
	return 0;
}
