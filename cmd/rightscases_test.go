package cmd_test

// rightsPrelude is in front of each source. Helpers have the numbers of enum bpf_func_id.
const rightsPrelude = `
#include <linux/bpf.h>
#define SEC(name) __attribute__((section(name), used))
#define HELPER(number, name, result, ...) static result (*const name)(__VA_ARGS__) = (void *)number
#define PROG(section) SEC(section) int prog(void *ctx)
#define MAP(type_, key_, value_, entries, name) struct { \
	int (*type)[type_]; int (*key_size)[key_]; int (*value_size)[value_]; int (*max_entries)[entries]; } name SEC(".maps")
#define USE(map) asm volatile("" :: "r"(&map))
char terms[] SEC("license") = "GPL";
HELPER(1, lookup, void *, void *, const void *);
HELPER(5, ktime, long, void);
HELPER(6, printk, long, const char *, int, ...);
HELPER(14, pid_tgid, long, void);
HELPER(16, current_comm, long, void *, int);
HELPER(35, current_task, long, void);
HELPER(36, write_user, long, void *, const void *, int);
HELPER(93, spin_lock, long, void *);
HELPER(94, spin_unlock, long, void *);
HELPER(113, read_kernel, long, void *, int, const void *);
HELPER(137, skc_to_tcp_sock, void *, void *);
HELPER(165, snprintf, long, char *, int, const char *, const void *, int);
`

// A rightsCase is an object and the capabilities, without CAP_, that loading it takes.
type rightsCase struct {
	name, want, source string

	unsure     string // one that it is said to take perhaps, and does
	until      string // the kernel that may do without that
	since      string // the kernel that began to ask for that, if it is not the first with capabilities
	trampoline bool   // programs may attach to functions
}

// guestCases are those that are tried in guests, too, which are slow.
var guestCases = []string{"socket_filter", "xdp", "tracepoint", "struct_ops", "sockmap", "printk", "calls", "loops", "context"}

var rightsCases = []rightsCase{
	// By type of programs.
	{name: "socket_filter", want: "BPF", source: `PROG("socket") { return 0; }`},
	{name: "cgroup_skb", want: "BPF", source: `PROG("cgroup_skb/ingress") { return 1; }`},
	{name: "sk_reuseport", want: "BPF", source: `PROG("sk_reuseport") { return 1; }`},
	{name: "sk_lookup", want: "BPF", source: `PROG("sk_lookup") { return 1; }`},
	{name: "syscall", want: "BPF", source: `PROG("syscall") { return 0; }`},
	{name: "xdp", want: "NET_ADMIN BPF", source: `PROG("xdp") { return 2; }`},
	{name: "tc", want: "NET_ADMIN BPF", source: `PROG("tc") { return 0; }`},
	{name: "action", want: "NET_ADMIN BPF", source: `PROG("action") { return 0; }`},
	{name: "lwt", want: "NET_ADMIN BPF", source: `PROG("lwt_xmit") { return 0; }`},
	{name: "sockops", want: "NET_ADMIN BPF", source: `PROG("sockops") { return 1; }`},
	{name: "sk_skb", want: "NET_ADMIN BPF", source: `PROG("sk_skb/stream_verdict") { return 1; }`},
	{name: "sk_msg", want: "NET_ADMIN BPF", source: `PROG("sk_msg") { return 1; }`},
	{name: "flow_dissector", want: "NET_ADMIN BPF", source: `PROG("flow_dissector") { return 0; }`},
	{name: "netfilter", want: "NET_ADMIN BPF", source: `PROG("netfilter") { return 1; }`},
	{name: "cgroup_dev", want: "NET_ADMIN BPF", source: `PROG("cgroup/dev") { return 1; }`},
	{name: "cgroup_sock", want: "NET_ADMIN BPF", source: `PROG("cgroup/sock_create") { return 1; }`},
	{name: "cgroup_addr", want: "NET_ADMIN BPF", source: `PROG("cgroup/connect4") { return 1; }`},
	{name: "cgroup_sysctl", want: "NET_ADMIN BPF", source: `PROG("cgroup/sysctl") { return 1; }`},
	{name: "cgroup_sockopt", want: "NET_ADMIN BPF", source: `PROG("cgroup/getsockopt") { return 1; }`},
	{name: "kprobe", want: "PERFMON BPF", source: `PROG("kprobe/do_nanosleep") { return 0; }`},
	{name: "uprobe", want: "PERFMON BPF", source: `PROG("uprobe") { return 0; }`},
	{name: "tracepoint", want: "PERFMON BPF", source: `PROG("tp/sched/sched_switch") { return 0; }`},
	{name: "raw_tracepoint", want: "PERFMON BPF", source: `PROG("raw_tp/sched_switch") { return 0; }`},
	{name: "writable", want: "PERFMON BPF", source: `PROG("raw_tp.w/sched_switch") { return 0; }`},
	{name: "perf_event", want: "PERFMON BPF", source: `PROG("perf_event") { return 0; }`},
	{name: "tp_btf", want: "PERFMON BPF", source: `PROG("tp_btf/sched_switch") { return 0; }`},
	{name: "iter", want: "PERFMON BPF", source: `PROG("iter/task") { return 0; }`},
	{name: "fentry", want: "PERFMON BPF", trampoline: true, source: `PROG("fentry/do_nanosleep") { return 0; }`},
	{name: "fexit", want: "PERFMON BPF", trampoline: true, source: `PROG("fexit/do_nanosleep") { return 0; }`},
	{name: "fmod_ret", want: "PERFMON BPF", trampoline: true, source: `PROG("fmod_ret/security_file_open") { return 0; }`},
	{name: "lsm", want: "PERFMON BPF", trampoline: true, source: `PROG("lsm/file_open") { return 0; }`},
	{name: "lsm_cgroup", want: "PERFMON BPF", trampoline: true, source: `PROG("lsm_cgroup/socket_bind") { return 1; }`},
	{name: "struct_ops", want: "PERFMON BPF", source: `
		struct sock;
		struct tcp_congestion_ops { unsigned (*ssthresh)(struct sock *); void (*cong_avoid)(struct sock *, unsigned, unsigned);
			unsigned (*undo_cwnd)(struct sock *); char name[16]; };
		SEC("struct_ops") unsigned ssthresh(unsigned long long *ctx) { return 2; }
		SEC("struct_ops") void avoid(unsigned long long *ctx) {}
		SEC("struct_ops") unsigned undo(unsigned long long *ctx) { return 2; }
		SEC(".struct_ops") struct tcp_congestion_ops rights_cc =
			{ .ssthresh = (void *)ssthresh, .cong_avoid = (void *)avoid, .undo_cwnd = (void *)undo, .name = "rights" };`},

	// By several programs, and by maps.
	{name: "several", want: "NET_ADMIN PERFMON BPF", source: `PROG("xdp") { return 2; } SEC("tp/sched/sched_switch") int second(void *ctx) { return 0; }`},
	{name: "optional", want: "BPF", source: `PROG("socket") { return 0; } SEC("?xdp") int second(void *ctx) { return 2; }`},
	{name: "hash", want: "BPF", source: `MAP(BPF_MAP_TYPE_HASH, 4, 8, 16, map);
		PROG("socket") { int key = 0; return lookup(&map, &key) != 0; }`},
	{name: "lru_hash", want: "BPF", source: `MAP(BPF_MAP_TYPE_LRU_HASH, 4, 8, 16, map); PROG("socket") { USE(map); return 0; }`},
	{name: "sockmap", want: "NET_ADMIN BPF", source: `MAP(BPF_MAP_TYPE_SOCKMAP, 4, 4, 4, map); PROG("sk_lookup") { USE(map); return 1; }`},
	{name: "sockhash", want: "NET_ADMIN BPF", source: `MAP(BPF_MAP_TYPE_SOCKHASH, 4, 4, 4, map); PROG("sk_reuseport") { USE(map); return 1; }`},
	{name: "devmap", want: "NET_ADMIN BPF", source: `MAP(BPF_MAP_TYPE_DEVMAP, 4, 4, 4, map); PROG("sk_reuseport") { USE(map); return 1; }`},
	{name: "devmap_hash", want: "NET_ADMIN BPF", source: `MAP(BPF_MAP_TYPE_DEVMAP_HASH, 4, 4, 4, map); PROG("sk_reuseport") { USE(map); return 1; }`},
	{name: "xskmap", want: "NET_ADMIN BPF", source: `MAP(BPF_MAP_TYPE_XSKMAP, 4, 4, 4, map); PROG("sk_reuseport") { USE(map); return 1; }`},
	{name: "cpumap", want: "BPF", source: `MAP(BPF_MAP_TYPE_CPUMAP, 4, 4, 4, map); PROG("sk_reuseport") { USE(map); return 1; }`},
	{name: "variables", want: "NET_ADMIN BPF", source: `int count; PROG("xdp") { __sync_fetch_and_add(&count, 1); return 2; }`},

	// By helpers.
	{name: "ktime", want: "BPF", source: `PROG("socket") { return ktime() & 1; }`},
	{name: "pid", want: "BPF", since: "6.10", source: `PROG("cgroup_skb/egress") { return pid_tgid() & 1; }`},
	{name: "printk", want: "NET_ADMIN PERFMON BPF", source: `PROG("xdp") { char text[] = "x"; printk(text, sizeof(text)); return 2; }`},
	{name: "read_kernel", want: "NET_ADMIN PERFMON BPF", source: `PROG("tc") { long to = 0; read_kernel(&to, sizeof(to), 0); return 0; }`},
	{name: "current_task", want: "PERFMON BPF", source: `PROG("cgroup_skb/egress") { return current_task() & 1; }`},
	{name: "current_comm", want: "PERFMON BPF", since: "6.18", source: `PROG("sk_lookup") { char to[16]; current_comm(to, sizeof(to)); return 1; }`},
	{name: "skc_to", want: "PERFMON BPF", since: "5.9", source: `PROG("cgroup_skb/egress") {
		struct bpf_sock *sk = ((struct __sk_buff *)ctx)->sk; return sk && skc_to_tcp_sock(sk); }`},
	{name: "snprintf", want: "PERFMON BPF", source: `PROG("syscall") { char to[8]; static const char form[] = "x"; snprintf(to, sizeof(to), form, 0, 0); return 0; }`},
	{name: "spin_lock", want: "NET_ADMIN BPF", source: `
		struct value { struct bpf_spin_lock lock; int x; };
		struct { int (*type)[BPF_MAP_TYPE_ARRAY]; int *key; struct value *value; int (*max_entries)[1]; } map SEC(".maps");
		PROG("tc") { int key = 0; struct value *v = lookup(&map, &key); if (v) { spin_lock(&v->lock); v->x++; spin_unlock(&v->lock); } return 0; }`},
	{name: "write_user", want: "SYS_ADMIN", trampoline: true, source: `PROG("tp/sched/sched_switch") { int x = 0; write_user(0, &x, 4); return 0; }`},
	{name: "calls", want: "BPF", source: `__attribute__((noinline)) int twice(int x) { return x + x; } PROG("socket") { return twice(ktime() & 3); }`},
	{name: "loops", want: "BPF", unsure: "PERFMON", until: "6.19", source: `PROG("socket") { int sum = 0;
		for (int i = 0; i < 100; i++) { sum += i; asm volatile("" : "+r"(sum)); } return sum & 1; }`},
	{name: "context", want: "NET_ADMIN BPF", unsure: "PERFMON", source: `
		struct nf_hook_state { unsigned char hook; } __attribute__((preserve_access_index));
		struct bpf_nf_ctx { const struct nf_hook_state *state; void *skb; } __attribute__((preserve_access_index));
		PROG("netfilter") { return ((struct bpf_nf_ctx *)ctx)->state->hook & 1; }`},
}
