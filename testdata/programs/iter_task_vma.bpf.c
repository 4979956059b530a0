#include "iter.h"

SEC("iter/task_vma")
int work(struct bpf_iter__task_vma *ctx)
{
	tell(ctx->meta);
	return 0;
}
