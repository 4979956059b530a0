#include "work.h"

SEC("uretprobe.multi/gobpftool-target:target")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
