// An object without types, with maps as they were defined before.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def hash SEC("maps") = { BPF_MAP_TYPE_HASH, 4, 8, 16, BPF_F_NO_PREALLOC };
struct bpf_map_def array SEC("maps") = { BPF_MAP_TYPE_ARRAY, 4, 2, 3 };

int counter = 1;
static volatile int local;

char _license[] SEC("license") = "GPL";
int _version SEC("version") = 0x040900;

static __noinline int sum(int x) { return x + counter + local; }

SEC("socket")
int use(struct __sk_buff *skb)
{
	int key = 0;

	if (bpf_map_lookup_elem(&array, &key) || bpf_map_lookup_elem(&hash, &key))
		return 1;
	return sum(skb->len);
}
