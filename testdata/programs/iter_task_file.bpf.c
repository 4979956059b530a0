#include "iter.h"

SEC("iter/task_file")
int work(struct bpf_iter__task_file *ctx)
{
	tell(ctx->meta);
	return 0;
}
