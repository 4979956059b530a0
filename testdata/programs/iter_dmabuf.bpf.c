#include "iter.h"

SEC("iter/dmabuf")
int work(struct bpf_iter__dmabuf *ctx)
{
	tell(ctx->meta);
	return 0;
}
