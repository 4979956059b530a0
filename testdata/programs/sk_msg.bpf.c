#include "work.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

/* Refuses to send. */
SEC("sk_msg")
int work(struct sk_msg_md *ctx)
{
	hit();
	return SK_DROP;
}
