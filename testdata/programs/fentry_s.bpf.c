#include "work.h"

SEC("fentry.s/__x64_sys_getpgid")
int BPF_PROG(work, struct pt_regs *regs)
{
	hit();
	return 0;
}
