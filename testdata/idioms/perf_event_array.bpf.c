#include "idiom.h"

/* It has the size of the machine, and keys and values of 4 bytes by themselves. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

SEC("xdp")
int send(struct xdp_md *ctx)
{
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &ctx, 4) ? XDP_DROP : XDP_PASS;
}
