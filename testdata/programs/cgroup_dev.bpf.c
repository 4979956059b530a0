#include "work.h"

/* Refuses /dev/full. */
SEC("cgroup/dev")
int work(struct bpf_cgroup_dev_ctx *ctx)
{
	if (ctx->major != 1 || ctx->minor != 7)
		return 1;
	hit();
	return 0;
}
