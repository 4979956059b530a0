#include "work.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

/* Takes every connection to the socket in the map. */
SEC("sk_lookup")
int work(struct bpf_sk_lookup *ctx)
{
	__u32 first = 0;
	struct bpf_sock *sk = bpf_map_lookup_elem(&sockets, &first);

	if (!sk)
		return SK_PASS;
	hit();
	bpf_sk_assign(ctx, sk, 0);
	bpf_sk_release(sk);
	return SK_PASS;
}
