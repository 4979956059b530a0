#include "work.h"

SEC("kprobe.session/do_sys_openat2")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
