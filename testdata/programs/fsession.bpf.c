#include "work.h"

SEC("fsession/do_getpgid")
int BPF_PROG(work, int pid, int ret)
{
	hit();
	return 0;
}
