#include "idiom.h"

/* What stands behind three underscores is not part of the name. */
extern struct task_struct *bpf_task_from_pid___mine(s32 pid) __ksym __weak;
extern struct task_struct *bpf_task_from_pid___other(s32 pid, int more) __ksym __weak;
extern void bpf_task_release(struct task_struct *p) __ksym;

SEC("syscall")
int call(void *ctx)
{
	struct task_struct *t = 0;
	if (exists(bpf_task_from_pid___other))
		t = bpf_task_from_pid___other(1, 2);
	else if (exists(bpf_task_from_pid___mine))
		t = bpf_task_from_pid___mine(1);
	if (t)
		bpf_task_release(t);
	return 0;
}
