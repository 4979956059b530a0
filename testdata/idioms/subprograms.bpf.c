#include "idiom.h"

/* Functions that two programs have, static and global ones, and one that is a program's own. */
static __noinline int both(int n)
{
	return n * 3;
}

__noinline int global(int n)
{
	return both(n) + 1;
}

__weak __noinline int weak(int n)
{
	return n + 2;
}

static long each(__u64 i, void *sum)
{
	*(long *)sum += i;
	return 0;
}

SEC("xdp")
int one(struct xdp_md *ctx)
{
	long sum = 0;
	bpf_loop(4, each, &sum, 0);
	return global(ctx->ingress_ifindex) + sum;
}

SEC("tc")
int two(struct __sk_buff *ctx)
{
	return both(ctx->len) + weak(ctx->len);
}
