// A program with a function of its own for what it throws.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char license_[] SEC("license") = "GPL";

extern void bpf_throw(__u64 cookie) __ksym __attribute__((noreturn));

__attribute__((noinline)) int handler(__u64 cookie)
{
	return cookie + 1;
}

__attribute__((noinline)) static int check(struct __sk_buff *skb)
{
	if (skb->len < 14)
		bpf_throw(7);
	return 0;
}

SEC("tc") __attribute__((btf_decl_tag("exception_callback:handler"))) int throws(struct __sk_buff *skb)
{
	return check(skb);
}

SEC("tc") int plain(struct __sk_buff *skb)
{
	return check(skb);
}
