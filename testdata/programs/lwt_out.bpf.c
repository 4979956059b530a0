#include "work.h"

/* Drops packets. */
SEC("lwt_out")
int work(struct __sk_buff *ctx)
{
	hit();
	return BPF_DROP;
}
