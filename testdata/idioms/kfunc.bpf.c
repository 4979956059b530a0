#include "idiom.h"

extern struct task_struct *bpf_task_from_pid(s32 pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern int no_such_kfunc(int n) __ksym __weak;

SEC("syscall")
int call(void *ctx)
{
	struct task_struct *t = bpf_task_from_pid(1);
	if (exists(no_such_kfunc))
		return no_such_kfunc(3);
	if (!t)
		return 1;
	bpf_task_release(t);
	return 0;
}
