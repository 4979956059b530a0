#include "work.h"

SEC("uretprobe/gobpftool-target:target")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
