// Tables of functions that the kernel calls.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sock;
struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *);
	void (*cong_avoid)(struct sock *, __u32, __u32);
	__u32 flags;
	char name[16];
	__u32 (*undo_cwnd)(struct sock *);
};

char _license[] SEC("license") = "GPL";

SEC("struct_ops")
__u32 ssthresh(__u64 *ctx) { return 2; }

SEC("struct_ops/cong_avoid")
void cong_avoid(__u64 *ctx) { }

SEC("struct_ops")
__u32 undo_cwnd(__u64 *ctx) { return 3; }

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
	.ssthresh = (void *)ssthresh, .undo_cwnd = (void *)undo_cwnd, .flags = 5, .name = "plain",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = { .cong_avoid = (void *)cong_avoid, .name = "linked" };

SEC(".struct_ops.link")
struct tcp_congestion_ops second = { .ssthresh = (void *)ssthresh, .name = "second" };

SEC("?.struct_ops")
struct tcp_congestion_ops optional = { .ssthresh = (void *)ssthresh, .name = "optional" };
