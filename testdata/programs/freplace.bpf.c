#include "work.h"

/* Takes the place of a function that another object has. */
SEC("freplace/replaced")
int work(struct __sk_buff *ctx)
{
	hit();
	return TC_ACT_SHOT;
}
