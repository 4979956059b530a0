#include "work.h"

/* Refuses it. */
SEC("lsm/task_getpgid")
int BPF_PROG(work, struct task_struct *task, int ret)
{
	hit();
	return -EPERM;
}
