#include "work.h"

SEC("kretsyscall/getpgid")
int BPF_KRETPROBE(work, long ret)
{
	hit();
	return 0;
}
