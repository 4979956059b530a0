#include "work.h"

SEC("kretprobe/do_sys_openat2")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
