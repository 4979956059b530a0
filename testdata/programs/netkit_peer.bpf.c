#include "work.h"

/* Drops packets. */
SEC("netkit/peer")
int work(struct __sk_buff *ctx)
{
	hit();
	return TC_ACT_SHOT;
}
