#include "idiom.h"

/* Sizes become powers of two, of whole pages. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1);
} small SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4097);
} odd SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 12288);
} user SEC(".maps");

SEC("raw_tp/sys_enter")
int send(void *ctx)
{
	long n = 0;
	bpf_ringbuf_output(&small, &n, sizeof(n), 0);
	bpf_ringbuf_output(&odd, &n, sizeof(n), 0);
	return 0;
}
