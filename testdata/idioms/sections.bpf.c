#include "idiom.h"

SEC("xdp")
int p1(void *ctx)
{
	return 2;
}

SEC("xdp.frags")
int p2(void *ctx)
{
	return 2;
}

SEC("xdp/devmap")
int p3(void *ctx)
{
	return 2;
}

SEC("xdp.frags/devmap")
int p4(void *ctx)
{
	return 2;
}

SEC("xdp/cpumap")
int p5(void *ctx)
{
	return 2;
}

SEC("xdp.frags/cpumap")
int p6(void *ctx)
{
	return 2;
}

SEC("socket")
int p7(void *ctx)
{
	return 0;
}

SEC("tc")
int p9(void *ctx)
{
	return 0;
}

SEC("tc/ingress")
int p10(void *ctx)
{
	return 0;
}

SEC("tc/egress")
int p11(void *ctx)
{
	return 0;
}

SEC("tcx/ingress")
int p12(void *ctx)
{
	return 0;
}

SEC("tcx/egress")
int p13(void *ctx)
{
	return 0;
}

SEC("classifier")
int p14(void *ctx)
{
	return 0;
}

SEC("action")
int p15(void *ctx)
{
	return 0;
}

SEC("netkit/primary")
int p16(void *ctx)
{
	return 0;
}

SEC("netkit/peer")
int p17(void *ctx)
{
	return 0;
}

SEC("tracepoint/sched/sched_switch")
int p18(void *ctx)
{
	return 0;
}

SEC("tp/sched/sched_switch")
int p19(void *ctx)
{
	return 0;
}

SEC("raw_tracepoint/sched_switch")
int p20(void *ctx)
{
	return 0;
}

SEC("raw_tp/sched_switch")
int p21(void *ctx)
{
	return 0;
}

SEC("raw_tracepoint.w/sched_switch")
int p22(void *ctx)
{
	return 0;
}

SEC("raw_tp.w/sched_switch")
int p23(void *ctx)
{
	return 0;
}

SEC("tp_btf/sched_switch")
int p24(void *ctx)
{
	return 0;
}

SEC("lwt_in")
int p25(void *ctx)
{
	return 0;
}

SEC("lwt_out")
int p26(void *ctx)
{
	return 0;
}

SEC("lwt_xmit")
int p27(void *ctx)
{
	return 0;
}

SEC("lwt_seg6local")
int p28(void *ctx)
{
	return 0;
}

SEC("sockops")
int p29(void *ctx)
{
	return 0;
}

SEC("sk_skb/stream_parser")
int p30(void *ctx)
{
	return 0;
}

SEC("sk_skb/stream_verdict")
int p31(void *ctx)
{
	return 0;
}

SEC("sk_skb")
int p32(void *ctx)
{
	return 0;
}

SEC("sk_msg")
int p34(void *ctx)
{
	return 0;
}

SEC("flow_dissector")
int p36(void *ctx)
{
	return 0;
}

SEC("cgroup_skb/ingress")
int p37(void *ctx)
{
	return 1;
}

SEC("cgroup_skb/egress")
int p38(void *ctx)
{
	return 1;
}

SEC("cgroup/skb")
int p39(void *ctx)
{
	return 1;
}

SEC("cgroup/sock_create")
int p40(void *ctx)
{
	return 1;
}

SEC("cgroup/sock")
int p41(void *ctx)
{
	return 1;
}

SEC("cgroup/sock_release")
int p42(void *ctx)
{
	return 1;
}

SEC("cgroup/post_bind4")
int p43(void *ctx)
{
	return 1;
}

SEC("cgroup/dev")
int p44(void *ctx)
{
	return 1;
}

SEC("cgroup/bind4")
int p45(void *ctx)
{
	return 1;
}

SEC("cgroup/connect_unix")
int p46(void *ctx)
{
	return 1;
}

SEC("cgroup/sysctl")
int p47(void *ctx)
{
	return 1;
}

SEC("cgroup/getsockopt")
int p48(void *ctx)
{
	return 1;
}

SEC("sk_lookup")
int p49(void *ctx)
{
	return 1;
}

SEC("sk_reuseport")
int p50(void *ctx)
{
	return 1;
}

SEC("sk_reuseport/migrate")
int p51(void *ctx)
{
	return 1;
}

SEC("perf_event")
int p52(void *ctx)
{
	return 0;
}

SEC("kprobe")
int p53(void *ctx)
{
	return 0;
}

SEC("kprobe/do_exit+4")
int p54(void *ctx)
{
	return 0;
}

SEC("kretprobe/do_exit")
int p55(void *ctx)
{
	return 0;
}

SEC("uprobe")
int p56(void *ctx)
{
	return 0;
}

SEC("uprobe.s/x:y")
int p57(void *ctx)
{
	return 0;
}

SEC("uretprobe/x:y+8")
int p58(void *ctx)
{
	return 0;
}

SEC("kprobe.multi/bpf_*")
int p59(void *ctx)
{
	return 0;
}

SEC("kretprobe.multi/bpf_*")
int p60(void *ctx)
{
	return 0;
}

SEC("kprobe.session/bpf_*")
int p61(void *ctx)
{
	return 0;
}

SEC("uprobe.multi/x:y")
int p62(void *ctx)
{
	return 0;
}

SEC("uprobe.multi.s")
int p63(void *ctx)
{
	return 0;
}

SEC("uprobe.session/x:y")
int p64(void *ctx)
{
	return 0;
}

SEC("ksyscall/getpid")
int p65(void *ctx)
{
	return 0;
}

SEC("kretsyscall/getpid")
int p66(void *ctx)
{
	return 0;
}

SEC("usdt/x:y:z")
int p67(void *ctx)
{
	return 0;
}

SEC("usdt.s")
int p68(void *ctx)
{
	return 0;
}

SEC("iter/task")
int p69(void *ctx)
{
	return 0;
}

SEC("iter.s/task")
int p70(void *ctx)
{
	return 0;
}

SEC("syscall")
int p71(void *ctx)
{
	return 0;
}

SEC("netfilter")
int p72(void *ctx)
{
	return 0;
}
