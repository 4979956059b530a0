#include "idiom.h"

#define __arg_nonnull __attribute__((btf_decl_tag("arg:nonnull")))

__noinline int add(int *a __arg_nonnull, int n)
{
	return *a + n;
}

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	int a = 1;
	return add(&a, ctx->ingress_ifindex);
}
