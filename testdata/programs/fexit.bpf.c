#include "work.h"

SEC("fexit/do_getpgid")
int BPF_PROG(work, int pid, int ret)
{
	hit();
	return 0;
}
