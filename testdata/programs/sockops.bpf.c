#include "work.h"

/* Sets a timeout for the SYN, in jiffies. */
SEC("sockops")
int work(struct bpf_sock_ops *ctx)
{
	hit();
	if (ctx->op == BPF_SOCK_OPS_TIMEOUT_INIT)
		ctx->reply = 10;
	return 1;
}
