#include "work.h"

/* Refuses it. */
SEC("fmod_ret.s/__x64_sys_getpgid")
long BPF_PROG(work, struct pt_regs *regs, int ret)
{
	hit();
	return -EPERM;
}
