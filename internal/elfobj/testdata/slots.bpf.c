// Maps that have other maps or programs in them from the start.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} one SEC(".maps"), two SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [1] = &two, [3] = &one } };

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_HASH);
		__uint(max_entries, 8);
		__uint(map_flags, BPF_F_NO_PREALLOC);
		__type(key, __u16);
		__type(value, __u8);
	});
} empty SEC(".maps");

int last(struct xdp_md *);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 3);
	__uint(key_size, 4);
	__array(values, int (void *));
} jumps SEC(".maps") = { .values = { [0] = (void *)&last, [2] = (void *)&last } };

char _license[] SEC("license") = "GPL";

SEC("xdp")
int first(struct xdp_md *ctx)
{
	__u32 key = 1;

	if (bpf_map_lookup_elem(&outer, &key) || bpf_map_lookup_elem(&empty, &key))
		return 1;
	bpf_tail_call(ctx, &jumps, 2);
	return 0;
}

SEC("xdp")
int last(struct xdp_md *ctx)
{
	return 2;
}
