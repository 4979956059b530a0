#include "work.h"

/* Drops packets. */
SEC("cgroup/skb")
int work(struct __sk_buff *ctx)
{
	hit();
	return 0;
}
