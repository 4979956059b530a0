#include "idiom.h"

/* The inner map is rounded as any other. */
struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__array(values, struct ring);
} rings SEC(".maps") = { .values = { [0] = &ring } };

SEC("raw_tp/sys_enter")
int look(void *ctx)
{
	__u32 key = 0;
	void *r = bpf_map_lookup_elem(&rings, &key);
	if (r)
		bpf_ringbuf_output(r, &key, sizeof(key), 0);
	return 0;
}
