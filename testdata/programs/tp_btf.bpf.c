#include "work.h"

SEC("tp_btf/sys_enter")
int BPF_PROG(work, struct pt_regs *regs, long id)
{
	hit();
	return 0;
}
