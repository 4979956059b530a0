// Functions that call each other, within a section and across.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

static __noinline int leaf(int x) { return x * 3 + (int)bpf_get_prandom_u32(); }
static __noinline int middle(int x) { return leaf(x) + leaf(x + 1); }
__noinline int shared(int x) { return middle(x) - 1; }
__noinline __weak int weak(int x) { return x ^ leaf(x); }
__noinline __hidden int hidden(int x) { return shared(x) + 2; }

static long each(__u32 i, int *sum)
{
	*sum += leaf(i);
	return 0;
}

static long other(__u32 i, int *sum)
{
	*sum -= hidden(i);
	return 0;
}

SEC("tc")
int plain(struct __sk_buff *skb) { return 1; }

SEC("tc")
int across(struct __sk_buff *skb) { return weak(skb->len) + middle(skb->mark); }

SEC("?tc/ingress")
int optional(struct __sk_buff *skb) { return 2; }

SEC("tc/ingress")
int callbacks(struct __sk_buff *skb)
{
	int sum = 0;

	bpf_loop(3, other, &sum, 0);
	bpf_loop(4, each, &sum, 0);
	return sum + across(skb);
}
