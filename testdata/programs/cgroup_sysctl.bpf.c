#include "work.h"

/* Refuses to show settings. */
SEC("cgroup/sysctl")
int work(struct bpf_sysctl *ctx)
{
	hit();
	return 0;
}
