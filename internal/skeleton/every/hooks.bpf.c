//go:build ignore

// A program for each way to be attached.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

__u64 hits[40];

#define HOOK(NAME, SECTION, NUMBER, RETURNS) \
	SEC(SECTION) \
	int NAME(void *ctx) \
	{ \
		__sync_fetch_and_add(&hits[NUMBER], 1); \
		return RETURNS; \
	}

HOOK(on_xdp, "xdp", 0, XDP_PASS)
HOOK(on_tc, "tc", 1, TC_ACT_UNSPEC)
HOOK(egress, "tcx/egress", 2, TC_ACT_UNSPEC)
HOOK(connect4, "cgroup/connect4", 3, 1)
HOOK(cgroup_skb, "cgroup/skb", 4, 1)
HOOK(sock_ops, "sockops", 5, 1)
HOOK(lookup, "sk_lookup", 6, 1)
HOOK(verdict, "sk_skb/verdict", 7, 1)
HOOK(filter, "socket", 8, 0)
HOOK(reuse, "sk_reuseport", 9, 1)
HOOK(clock, "perf_event", 10, 0)
HOOK(hook, "netfilter", 11, 1)
HOOK(at_function, "uprobe", 12, 0)
HOOK(at_return, "uretprobe", 13, 0)
HOOK(at_functions, "uprobe.multi", 14, 0)
HOOK(at_tracepoint, "tp", 15, 0)
HOOK(at_raw_tracepoint, "raw_tp", 16, 0)
HOOK(at_getpid, "tp/syscalls/sys_enter_getpid", 17, 0)
HOOK(at_enter, "raw_tp/sys_enter", 18, 0)
HOOK(typed, "tp_btf/sys_enter", 19, 0)
HOOK(libc, "uprobe/libc.so.6:getenv", 20, 0)
HOOK(libc_many, "uprobe.multi/libc.so.6:sete*", 21, 0)
HOOK(later, "?raw_tp/sys_exit", 22, 0)
HOOK(call, "syscall", 23, 7)
HOOK(dissector, "flow_dissector", 24, 0)

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} numbers SEC(".maps");

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));
struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
} __attribute__((preserve_access_index));
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
} __attribute__((preserve_access_index));

SEC("iter/bpf_map")
int maps(struct bpf_iter__bpf_map *ctx)
{
	static const char text[] = "map\n";

	if (ctx->map)
		bpf_seq_write(ctx->meta->seq, text, sizeof(text) - 1);
	return 0;
}

SEC("iter/bpf_map_elem")
int entries(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *value = ctx->value, copy;

	if (!value)
		return 0;
	copy = *value;
	bpf_seq_write(ctx->meta->seq, &copy, sizeof(copy));
	return 0;
}

char _license[] SEC("license") = "GPL";
