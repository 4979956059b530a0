#include "work.h"

SEC("fentry.multi/do_getpgid")
int BPF_PROG(work)
{
	hit();
	return 0;
}
