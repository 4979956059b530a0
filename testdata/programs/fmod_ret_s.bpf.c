#include "work.h"

/* Refuses it. */
SEC("fmod_ret.s/__x64_sys_getpgid")
int BPF_PROG(work, struct pt_regs *regs, int ret)
{
	hit();
	return -EPERM;
}
