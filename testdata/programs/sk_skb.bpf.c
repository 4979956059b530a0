#include "work.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

/* Lets nothing through to the socket. */
SEC("sk_skb")
int work(struct __sk_buff *ctx)
{
	hit();
	return SK_DROP;
}
