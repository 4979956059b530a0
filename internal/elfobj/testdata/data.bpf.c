// Variables in sections of all kinds.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct pair { __u32 a; __u64 b; };

int counter = 3;
__hidden int hidden = 4;
__weak int weak = 5;
static volatile int local = 6;
struct pair pair = { 1, 2 };
__u64 zero;
static volatile __u32 zeros[4];
const volatile int setting = 7;
static const char message[] = "count %d\n";
int custom SEC(".data.custom") = 8;
const volatile int fixed SEC(".rodata.fixed") = 9;
int nothing SEC(".bss.nothing");

char _license[] SEC("license") = "GPL";

SEC("tc")
int use(struct __sk_buff *skb)
{
	static volatile int calls = 10;

	bpf_trace_printk(message, sizeof(message), counter);
	calls++;
	zero += pair.b + zeros[2];
	nothing += fixed + custom;
	return setting + hidden + weak + local + calls;
}
