#include "work.h"

SEC("ksyscall/getpgid")
int BPF_KSYSCALL(work, pid_t pid)
{
	hit();
	return 0;
}
