#include "idiom.h"

/* The kernel adds a flag to what it is asked for, which is no difference when it is used again. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__uint(pinning, 1); /* LIBBPF_PIN_BY_NAME */
	__type(key, __u32);
	__type(value, __u32);
} devices SEC(".maps");

SEC("xdp")
int send(struct xdp_md *ctx)
{
	return bpf_redirect_map(&devices, 0, 0);
}
