#include "work.h"

/* Drops packets. */
SEC("lwt_in")
int work(struct __sk_buff *ctx)
{
	hit();
	return BPF_DROP;
}
