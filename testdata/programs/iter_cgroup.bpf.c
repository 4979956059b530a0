#include "iter.h"

SEC("iter/cgroup")
int work(struct bpf_iter__cgroup *ctx)
{
	tell(ctx->meta);
	return 0;
}
