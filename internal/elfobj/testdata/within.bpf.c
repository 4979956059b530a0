// A function that is no program among programs. libbpf refuses such an object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

SEC("tc")
int before(struct __sk_buff *skb) { return 1; }

SEC("tc")
static __noinline int twice(int x) { return 2 * x + (int)bpf_get_prandom_u32(); }

SEC("tc")
int after(struct __sk_buff *skb) { return twice(skb->len) + before(skb); }
