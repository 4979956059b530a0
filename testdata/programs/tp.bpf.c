#include "work.h"

SEC("tp/sched/sched_switch")
int work(void *ctx)
{
	hit();
	return 0;
}
