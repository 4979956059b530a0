#include "work.h"

SEC("raw_tracepoint.s/sys_enter")
int work(struct bpf_raw_tracepoint_args *ctx)
{
	hit();
	return 0;
}
