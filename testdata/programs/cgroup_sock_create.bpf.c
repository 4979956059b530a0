#include "work.h"

/* Refuses sockets. */
SEC("cgroup/sock_create")
int work(struct bpf_sock *ctx)
{
	hit();
	return 0;
}
