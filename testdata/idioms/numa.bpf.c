#include "idiom.h"

#define BPF_F_NUMA 4

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(numa_node, 0);
	__uint(map_flags, BPF_F_NUMA);
	__type(key, __u32);
	__type(value, __u32);
} zero SEC(".maps");

/* Node 0 without the flag says nothing. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__uint(numa_node, 0);
	__type(key, __u32);
	__type(value, __u32);
} none SEC(".maps");

SEC("xdp")
int look(struct xdp_md *ctx)
{
	__u32 key = 0;
	return bpf_map_lookup_elem(&zero, &key) || bpf_map_lookup_elem(&none, &key) ? XDP_DROP : XDP_PASS;
}
