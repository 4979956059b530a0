#include "iter.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} visited SEC(".maps");

SEC("iter/sockmap")
int work(struct bpf_iter__sockmap *ctx)
{
	tell(ctx->meta);
	return 0;
}
