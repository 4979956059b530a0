#include "work.h"

/* Does not know packets. */
SEC("flow_dissector")
int work(struct __sk_buff *ctx)
{
	hit();
	return BPF_DROP;
}
