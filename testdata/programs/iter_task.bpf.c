#include "iter.h"

SEC("iter/task")
int work(struct bpf_iter__task *ctx)
{
	tell(ctx->meta);
	return 0;
}
