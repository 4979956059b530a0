#include "work.h"

/* Refuses it. */
SEC("cgroup/sendmsg_unix")
int work(struct bpf_sock_addr *ctx)
{
	hit();
	return 0;
}
