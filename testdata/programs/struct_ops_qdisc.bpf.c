#include "work.h"

/* What is used of the kernel's struct. */
struct Qdisc_ops___part {
	int (*enqueue)(void *skb, void *sch, void *to_free);
	void *(*dequeue)(void *sch);
	int (*init)(void *sch, void *opt, void *extack);
	void (*reset)(void *sch);
	void (*destroy)(void *sch);
	char id[16];
};

struct bpf_sk_buff_ptr___part {
	struct sk_buff *skb;
};

extern void bpf_qdisc_skb_drop(struct sk_buff *skb, struct bpf_sk_buff_ptr___part *to_free) __ksym;

/* Drops packets. */
SEC("struct_ops/enqueue")
int BPF_PROG(work, struct sk_buff *skb, struct Qdisc *sch, struct bpf_sk_buff_ptr___part *to_free)
{
	hit();
	bpf_qdisc_skb_drop(skb, to_free);
	return 1; /* NET_XMIT_DROP */
}

SEC("struct_ops/dequeue")
struct sk_buff *BPF_PROG(dequeue, struct Qdisc *sch)
{
	return NULL;
}

SEC("struct_ops/init")
int BPF_PROG(init, struct Qdisc *sch, struct nlattr *opt, struct netlink_ext_ack *extack)
{
	return 0;
}

SEC("struct_ops/reset")
void BPF_PROG(reset, struct Qdisc *sch)
{
}

SEC("struct_ops/destroy")
void BPF_PROG(destroy, struct Qdisc *sch)
{
}

SEC(".struct_ops")
struct Qdisc_ops___part discipline = {
	.enqueue = (void *)work,
	.dequeue = (void *)dequeue,
	.init = (void *)init,
	.reset = (void *)reset,
	.destroy = (void *)destroy,
	.id = "gobpftool",
};
