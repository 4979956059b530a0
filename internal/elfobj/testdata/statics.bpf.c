// A function that is no program among programs, and maps that no other object may
// see. libbpf refuses such an object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps") __hidden;

char _license[] SEC("license") = "GPL";

SEC("tc")
int before(struct __sk_buff *skb) { return 1; }

SEC("tc")
static __noinline int twice(int x) { return 2 * x + (int)bpf_get_prandom_u32(); }

SEC("tc")
int after(struct __sk_buff *skb)
{
	__u32 zero = 0;

	if (bpf_map_lookup_elem(&second, &zero) || bpf_map_lookup_elem(&first, &zero))
		return 2;
	bpf_ringbuf_output(&ring, &zero, sizeof(zero), 0);
	return twice(skb->len) + before(skb);
}
