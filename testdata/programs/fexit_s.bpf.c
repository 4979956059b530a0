#include "work.h"

SEC("fexit.s/__x64_sys_getpgid")
int BPF_PROG(work, struct pt_regs *regs, long ret)
{
	hit();
	return 0;
}
