#include "work.h"

/* Refuses it. */
SEC("cgroup/setsockopt")
int work(struct bpf_sockopt *ctx)
{
	hit();
	return 0;
}
