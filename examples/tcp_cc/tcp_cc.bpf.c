//go:build ignore
// SPDX-License-Identifier: MIT
//
// A congestion control for TCP: the kernel's Reno, which counts what it does.
// "make objects" compiles it.

#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Nothing of it is used. It is defined, as the kernel's functions have it. */
struct sock {
};

/* What is used of the kernel's type: members are found by their names. */
struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
	void (*init)(struct sock *sk);
};

__u64 connections; /* that began */
__u64 segments;    /* that were acknowledged */
__u64 losses;      /* after which less was sent at once */

extern __u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, __u32 ack, __u32 acked) __ksym;
extern __u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;

SEC("struct_ops")
void BPF_PROG(counted_init, struct sock *sk)
{
	__sync_fetch_and_add(&connections, 1);
}

SEC("struct_ops")
__u32 BPF_PROG(counted_ssthresh, struct sock *sk)
{
	__sync_fetch_and_add(&losses, 1);
	return tcp_reno_ssthresh(sk);
}

SEC("struct_ops")
void BPF_PROG(counted_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	__sync_fetch_and_add(&segments, acked);
	tcp_reno_cong_avoid(sk, ack, acked);
}

SEC("struct_ops")
__u32 BPF_PROG(counted_undo_cwnd, struct sock *sk)
{
	return tcp_reno_undo_cwnd(sk);
}

SEC(".struct_ops.link")
struct tcp_congestion_ops counted = {
	.init = (void *)counted_init,
	.ssthresh = (void *)counted_ssthresh,
	.cong_avoid = (void *)counted_cong_avoid,
	.undo_cwnd = (void *)counted_undo_cwnd,
	.name = "counted_reno",
};

char LICENSE[] SEC("license") = "Dual MIT/GPL";
