#include "work.h"

/* Refuses it. */
SEC("cgroup/connect6")
int work(struct bpf_sock_addr *ctx)
{
	hit();
	return 0;
}
