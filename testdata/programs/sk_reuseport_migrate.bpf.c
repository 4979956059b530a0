#include "work.h"

/* Counts connections that go to another socket, as theirs was closed. */
SEC("sk_reuseport/migrate")
int work(struct sk_reuseport_md *ctx)
{
	if (ctx->migrating_sk)
		hit();
	return SK_PASS;
}
