//go:build ignore

// What library.bpf.c is a part of: other variables are before its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int library_count(__u32 bytes);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} own SEC(".maps");

__u32 limit_of_all = 100;
const volatile __u64 mask[4] = { 1, 2, 3, 4 };
__u64 own_data[3] = { 5, 6, 7 };
__u32 own_zero[5];
__u64 own_last SEC(".bss.library");
static volatile __u32 unseen = 1000;
extern _Bool LINUX_HAS_BPF_COOKIE __kconfig;

SEC("tc")
int count(struct __sk_buff *skb)
{
	__u32 zero = 0;

	own_zero[4] = own_data[1] + mask[1] + unseen + LINUX_HAS_BPF_COOKIE;
	own_last += bpf_map_lookup_elem(&own, &zero) != 0;
	return library_count(skb->len);
}

char _license[] SEC("license") = "GPL";
