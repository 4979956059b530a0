#include "work.h"

/* No socket of the group gets it. */
SEC("sk_reuseport")
int work(struct sk_reuseport_md *ctx)
{
	hit();
	return SK_DROP;
}
