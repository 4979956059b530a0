#include "idiom.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(pinning, 2);
	__type(key, __u32);
	__type(value, __u32);
} shared SEC(".maps");

SEC("xdp")
int look(struct xdp_md *ctx)
{
	__u32 key = 0;
	return bpf_map_lookup_elem(&shared, &key) ? XDP_DROP : XDP_PASS;
}
