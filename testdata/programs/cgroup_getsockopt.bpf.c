#include "work.h"

/* Says that it is less. */
SEC("cgroup/getsockopt")
int work(struct bpf_sockopt *ctx)
{
	int *value = ctx->optval;

	hit();
	if ((void *)(value + 1) <= ctx->optval_end)
		*value = OTHER_PORT;
	ctx->retval = 0;
	return 1;
}
