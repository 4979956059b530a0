#include "work.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} slots SEC(".maps");

/* Sends packets where the map says. */
SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	return bpf_redirect_map(&slots, 0, 0);
}

/* Drops them there. */
SEC("xdp/devmap")
int work(struct xdp_md *ctx)
{
	hit();
	return XDP_DROP;
}
