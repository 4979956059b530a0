#include "work.h"

/* Drops packets. */
SEC("netfilter")
int work(struct bpf_nf_ctx *ctx)
{
	hit();
	return 0 /* NF_DROP */;
}
