#include "idiom.h"

/* A header may define a map that several objects have, as <bpf/usdt.bpf.h> does. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} weak SEC(".maps") __weak;

SEC("xdp")
int look(struct xdp_md *ctx)
{
	__u32 key = 0;
	return bpf_map_lookup_elem(&weak, &key) ? XDP_DROP : XDP_PASS;
}
