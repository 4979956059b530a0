#include "work.h"

SEC("fexit.multi/do_getpgid")
int BPF_PROG(work)
{
	hit();
	return 0;
}
