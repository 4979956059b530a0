#include "iter.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u32);
} visited SEC(".maps");

SEC("iter/bpf_map_elem")
int work(struct bpf_iter__bpf_map_elem *ctx)
{
	tell(ctx->meta);
	return 0;
}
