// replace.bpf.c - a program, and another that takes the place of one of its functions.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "GPL";

__attribute__((noinline)) int answer(struct __sk_buff *skb)
{
	volatile int n = 7;

	return n;
}

SEC("tc") int target(struct __sk_buff *skb) { return answer(skb); }
SEC("freplace/answer") int instead(struct __sk_buff *skb) { return 42; }
