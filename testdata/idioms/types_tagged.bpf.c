#include "idiom.h"

#define __tag(x) __attribute__((btf_decl_tag(x)))
#define __type_tag(x) __attribute__((btf_type_tag(x)))

struct tagged {
	int a __tag("member");
	unsigned int b : 3, c : 5;
	float f;
	int __type_tag("user") *p;
} __tag("struct");

enum long_one { LONG_VALUE = 1ull << 40 };

struct tagged kept;
enum long_one value = LONG_VALUE;

__tag("function") __noinline int add(int n __tag("argument"))
{
	return n + kept.a;
}

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	return add(ctx->ingress_ifindex) + value;
}
