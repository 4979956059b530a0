#include "idiom.h"

struct {
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} m SEC(".maps");

SEC("xdp")
int look(struct xdp_md *ctx)
{
	__u32 key = 0;
	return bpf_map_lookup_elem(&m, &key) ? XDP_DROP : XDP_PASS;
}
