#include "work.h"

/* Drops packets. */
SEC("cgroup_skb/egress")
int work(struct __sk_buff *ctx)
{
	hit();
	return 0;
}
