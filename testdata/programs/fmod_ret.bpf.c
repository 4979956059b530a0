#include "work.h"

/* Refuses it. */
SEC("fmod_ret/security_task_getpgid")
int BPF_PROG(work, struct task_struct *task, int ret)
{
	hit();
	return -EPERM;
}
