#include "idiom.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
} events SEC(".maps");

SEC("xdp")
int send(struct xdp_md *ctx)
{
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &ctx, 4) ? XDP_DROP : XDP_PASS;
}
