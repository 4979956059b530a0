// Something of everything that loading makes or asks for.
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern const void bpf_prog_fops __ksym __weak;

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} shared_of_whole SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} one SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = { .values = { [1] = &one } };

int last(struct xdp_md *ctx);
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__array(values, int(void *));
} jumps SEC(".maps") = { .values = { [1] = (void *)&last } };

const volatile int limit = 7;
__u64 hits;

SEC("xdp") int first(struct xdp_md *ctx)
{
	__u32 key = limit;
	__u64 *n = bpf_map_lookup_elem(&shared_of_whole, &key);
	if (n)
		hits += *n;
	void *m = bpf_map_lookup_elem(&outer, &key);
	if (m && bpf_map_lookup_elem(m, &key))
		hits++;
	bpf_tail_call(ctx, &jumps, 1);
	return LINUX_KERNEL_VERSION && &bpf_prog_fops ? XDP_PASS : XDP_DROP;
}

SEC("xdp") int last(struct xdp_md *ctx) { return XDP_PASS; }

SEC("raw_tp/sys_enter") int traced(void *ctx)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	hits += BPF_CORE_READ(t, pid);
	return 0;
}
