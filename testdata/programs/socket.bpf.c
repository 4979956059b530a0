#include "work.h"

/* Lets nothing through to the socket. */
SEC("socket")
int work(struct __sk_buff *ctx)
{
	hit();
	return 0;
}
