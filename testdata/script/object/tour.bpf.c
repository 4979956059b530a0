/* An object with something of everything: see objects.sh. */
#include <linux/bpf.h>

#define SEC(name) __attribute__((section(name), used))
#define FROM(name) __attribute__((section(name)))
#define weak __attribute__((weak))

char terms[] SEC("license") = "GPL";

static void *(*const lookup)(void *, const void *) = (void *)1;
static long (*const loop)(unsigned, void *, void *, unsigned long) = (void *)181;
static long (*const read_kernel)(void *, int, const void *) = (void *)113;

struct event {
	int pid;
	char comm[16];
};

struct {
	int (*type)[BPF_MAP_TYPE_HASH];
	int (*max_entries)[1024];
	int (*map_flags)[BPF_F_NO_PREALLOC];
	int (*pinning)[1];
	int *key;
	struct event *value;
} events SEC(".maps");

struct inner {
	int (*type)[BPF_MAP_TYPE_ARRAY];
	int (*max_entries)[4];
	int *key;
	long *value;
} first SEC(".maps");

struct {
	int (*type)[BPF_MAP_TYPE_ARRAY_OF_MAPS];
	int (*max_entries)[2];
	int *key;
	struct inner *values[];
} outer SEC(".maps") = {.values = {[1] = &first}};

extern _Bool CONFIG_BPF_JIT FROM(".kconfig");
extern unsigned long CONFIG_HZ weak FROM(".kconfig");
extern const void init_task FROM(".ksyms");
struct task_struct {
	int pid;
} __attribute__((preserve_access_index));
extern void bpf_task_release(struct task_struct *task) weak FROM(".ksyms");

int seen;
static long total;
const volatile int wanted = 7;

static int visit(unsigned i, void *context)
{
	*(int *)context += i;
	return 0;
}

__attribute__((noinline)) int count(int by)
{
	total += by;
	return total;
}

SEC("xdp.frags") int pass(struct xdp_md *ctx)
{
	int key = wanted;
	struct event *e = lookup(&events, &key);
	if (e)
		__sync_fetch_and_add(&seen, 1);
	return CONFIG_BPF_JIT ? XDP_PASS : count(CONFIG_HZ);
}

SEC("tp_btf/sched_switch") int watch(unsigned long long *ctx)
{
	struct task_struct *task = (void *)ctx[2];
	int sum = 0, pid = 0;
	long address = (long)&init_task;
	loop(4, visit, &sum, 0);
	read_kernel(&pid, sizeof(pid), &task->pid);
	__sync_fetch_and_or(&seen, sum);
	if (bpf_task_release && address == 1)
		bpf_task_release(task);
	return __sync_val_compare_and_swap(&seen, 0, pid) & 1;
}

SEC("?socket") int later(struct __sk_buff *skb)
{
	int key = 1;
	return lookup(&outer, &key) != 0;
}
