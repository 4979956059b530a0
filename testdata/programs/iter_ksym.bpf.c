#include "iter.h"

SEC("iter/ksym")
int work(struct bpf_iter__ksym *ctx)
{
	tell(ctx->meta);
	return 0;
}
