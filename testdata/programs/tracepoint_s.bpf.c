#include "work.h"

SEC("tracepoint.s/syscalls/sys_enter_getpgid")
int work(void *ctx)
{
	hit();
	return 0;
}
