#include "idiom.h"

SEC("struct_ops")
__u32 BPF_PROG(ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops")
void BPF_PROG(cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops")
__u32 BPF_PROG(undo_cwnd, struct sock *sk)
{
	return 2;
}

/* Members that are no pointers have the values of the object, at the places of the kernel. */
struct tcp_congestion_ops___short {
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 flags;
	__u32 (*ssthresh)(struct sock *sk);
};

SEC(".struct_ops")
struct tcp_congestion_ops___short shadow = {
	.ssthresh = (void *)ssthresh,
	.cong_avoid = (void *)cong_avoid,
	.undo_cwnd = (void *)undo_cwnd,
	.flags = 2, /* TCP_CONG_NEEDS_ECN */
	.name = "bpf_shadow",
};
