#include "work.h"

SEC("fentry/do_getpgid")
int BPF_PROG(work, int pid)
{
	hit();
	return 0;
}
