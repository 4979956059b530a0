#include "work.h"

SEC("uprobe/gobpftool-target:target")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
