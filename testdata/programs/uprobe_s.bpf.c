#include "work.h"

SEC("uprobe.s/gobpftool-target:target")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
