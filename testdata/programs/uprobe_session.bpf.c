#include "work.h"

SEC("uprobe.session/gobpftool-target:target")
int work(struct pt_regs *ctx)
{
	hit();
	return 0;
}
