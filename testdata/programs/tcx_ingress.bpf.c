#include "work.h"

/* Drops packets. */
SEC("tcx/ingress")
int work(struct __sk_buff *ctx)
{
	hit();
	return TC_ACT_SHOT;
}
