#include "iter.h"

SEC("iter/tcp")
int work(struct bpf_iter__tcp *ctx)
{
	tell(ctx->meta);
	return 0;
}
