// CO-RE relocations of all kinds.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

enum state { IDLE = 1, BUSY = 2 };

struct inner { int x; int list[4]; };
struct task_struct {
	int pid;
	unsigned low : 3, flag : 1;
	struct inner inner;
	struct task_struct *parent;
} __attribute__((preserve_access_index));

char _license[] SEC("license") = "GPL";

static __noinline int pid_of(struct task_struct *t) { return BPF_CORE_READ(t, parent, pid); }

SEC("raw_tp/sched_switch")
int types(void *ctx)
{
	return bpf_core_type_exists(struct task_struct) + bpf_core_type_size(struct task_struct) +
	       bpf_core_type_id_local(struct task_struct) + bpf_core_type_id_kernel(struct task_struct) +
	       bpf_core_enum_value_exists(enum state, BUSY) + bpf_core_enum_value(enum state, BUSY);
}

SEC("raw_tp/sched_switch")
int fields(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *t = (void *)ctx->args[1];
	__u64 flag = BPF_CORE_READ_BITFIELD_PROBED(t, flag);

	return pid_of(t) + flag + BPF_CORE_READ(t, inner.list[2]) + bpf_core_field_exists(t->pid) + bpf_core_field_size(t->inner);
}
