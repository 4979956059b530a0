#include "work.h"

/* Shows another port. */
SEC("cgroup/getsockname6")
int work(struct bpf_sock_addr *ctx)
{
	hit();
	ctx->user_port = bpf_htons(OTHER_PORT);
	return 1;
}
