// hit.h - a program counts how often it runs, by its name.

#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, char[16]);
	__type(value, __u64);
} hits SEC(".maps");

static __attribute__((always_inline)) int count_hit(char *key)
{
	__u64 one = 1, *n = bpf_map_lookup_elem(&hits, key);

	if (n)
		__sync_fetch_and_add(n, 1);
	else
		bpf_map_update_elem(&hits, key, &one, BPF_ANY);
	return 0;
}

#define hit(name) ({ char key[16] = name; count_hit(key); })
#define PROGRAM(section, name) SEC(section) int name(void *ctx) { return hit(#name); }
