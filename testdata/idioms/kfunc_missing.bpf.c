#include "idiom.h"

extern int no_such_kfunc(int n) __ksym;

SEC("xdp")
int call(struct xdp_md *ctx)
{
	return no_such_kfunc(3);
}
