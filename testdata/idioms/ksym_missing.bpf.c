#include "idiom.h"

extern const void no_such_symbol __ksym;

SEC("xdp")
int read(struct xdp_md *ctx)
{
	return (unsigned long)&no_such_symbol > 9 ? XDP_DROP : XDP_PASS;
}
