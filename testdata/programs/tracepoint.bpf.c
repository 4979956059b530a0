#include "work.h"

SEC("tracepoint/syscalls/sys_enter_getpgid")
int work(void *ctx)
{
	hit();
	return 0;
}
