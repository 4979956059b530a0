#include "work.h"

/* Drops packets. */
SEC("action")
int work(struct __sk_buff *ctx)
{
	hit();
	return TC_ACT_SHOT;
}
