//go:build ignore

// A library: what others use of it once it is linked into a greater object, and what they do not see.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
	__u32 from, to;
};

struct traffic {
	__u64 packets;
	__u32 bytes;
	__u8 low : 3, high : 5;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10);
	__type(key, struct flow);
	__type(value, struct traffic);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_HASH);
		__uint(max_entries, 5);
		__type(key, struct flow);
		__type(value, __u64);
	});
} tables SEC(".maps");

const volatile __u32 limit = 3;
struct traffic least = { .packets = 1, .bytes = 2 };
__u64 calls;
__u32 last SEC(".bss.library");
__weak __u16 step = 5;
static volatile __u32 unseen = 7;
__attribute__((visibility("hidden"))) __u32 inside = 8;
struct flow *kept; // for its type's sake

extern int LINUX_KERNEL_VERSION __kconfig;
extern __u32 CONFIG_NO_SUCH_THING __kconfig __weak;
extern __u32 limit_of_all; // of another object

// library_count counts a packet of some bytes, and returns what the variables are together.
__noinline int library_count(__u32 bytes)
{
	struct flow f = { 1, 2 };
	struct traffic *t = bpf_map_lookup_elem(&flows, &f), first = {};
	__u32 zero = 0;
	__u64 *n = bpf_map_lookup_elem(&counts, &zero);

	calls++;
	last = bytes;
	if (n)
		(*n)++;
	if (t) {
		t->packets++;
		t->bytes += bytes;
		t->high++;
	} else {
		first = least;
		bpf_map_update_elem(&flows, &f, &first, 0);
	}
	bpf_ringbuf_output(&seen, &f, sizeof(f), 0);
	return limit + step + unseen + inside + limit_of_all + CONFIG_NO_SUCH_THING + (LINUX_KERNEL_VERSION != 0);
}

SEC("tc")
int library_last(struct __sk_buff *skb)
{
	return last;
}

SEC("?tc")
int library_spare(struct __sk_buff *skb)
{
	return bpf_map_lookup_elem(&tables, &last) != 0;
}

char _license[] SEC("license") = "GPL";
