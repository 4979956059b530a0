#include "work.h"

SEC("fsession.multi/do_getpgid")
int BPF_PROG(work)
{
	hit();
	return 0;
}
