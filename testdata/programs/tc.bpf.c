#include "work.h"

/* Drops packets. */
SEC("tc")
int work(struct __sk_buff *ctx)
{
	hit();
	return TC_ACT_SHOT;
}
