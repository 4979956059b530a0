#include "work.h"

/* Drops packets. */
SEC("cgroup_skb/ingress")
int work(struct __sk_buff *ctx)
{
	hit();
	return 0;
}
