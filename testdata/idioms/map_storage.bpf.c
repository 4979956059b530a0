#include "idiom.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, int);
} kept SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} of_group SEC(".maps");

SEC("cgroup_skb/egress")
int count(struct __sk_buff *ctx)
{
	struct bpf_sock *sk = ctx->sk;
	__u64 *n = bpf_get_local_storage(&of_group, 0);

	++*n;
	if (sk && (sk = bpf_sk_fullsock(sk)))
		bpf_sk_storage_get(&kept, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	return 1;
}
