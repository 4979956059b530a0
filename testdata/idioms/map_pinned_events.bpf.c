#include "idiom.h"

/* Sizes that are the machine's, or rounded, are the same when it is used again. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(pinning, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000);
	__uint(pinning, 1);
} ring SEC(".maps");

SEC("xdp")
int send(struct xdp_md *ctx)
{
	__u64 sent = 1;

	bpf_ringbuf_output(&ring, &sent, sizeof(sent), 0);
	return bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &sent, sizeof(sent)) ? XDP_DROP : XDP_PASS;
}
