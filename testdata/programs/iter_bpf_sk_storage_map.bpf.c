#include "iter.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} visited SEC(".maps");

SEC("iter/bpf_sk_storage_map")
int work(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	tell(ctx->meta);
	return 0;
}
