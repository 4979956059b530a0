// Maps with types, of all fields that a definition may have.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key { __u32 a; __u16 b; };
struct value { __u64 count; struct key last; };
typedef struct value value_t;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_NUMA_NODE);
	__uint(numa_node, 1);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, struct key);
	__type(value, value_t);
} typed SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(key_size, 4);
	__uint(value_size, 1016);
	__uint(max_entries, 4);
} sized SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 10);
	__uint(map_extra, 3);
	__type(value, __u32);
} bloom SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

char _license[] SEC("license") = "Dual MIT/GPL";
__u32 _version SEC("version") = 0x050a01;

SEC("xdp")
int use(struct xdp_md *ctx)
{
	struct key key = {};
	__u32 zero = 0;
	void *in;

	in = bpf_map_lookup_elem(&typed, &key);
	if (in)
		return 1;
	bpf_map_peek_elem(&bloom, &zero);
	bpf_ringbuf_output(&ring, &zero, sizeof(zero), 0);
	bpf_get_stackid(ctx, &sized, 0);
	return bpf_perf_event_output(ctx, &perf, 0, &zero, sizeof(zero));
}
