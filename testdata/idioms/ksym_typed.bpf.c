#include "idiom.h"

extern const struct rq runqueues __ksym;
extern const struct rq no_such_variable __ksym __weak;

/* A variable of which the kernel tells the type; a weak one that it does not have is at 0. */
SEC("tp_btf/sched_switch")
int read(void *ctx)
{
	const struct rq *q = bpf_per_cpu_ptr(&runqueues, 0);
	if (&no_such_variable)
		return 1;
	return q ? q->nr_running : 0;
}
