#include "work.h"

/* Refuses it. */
SEC("cgroup/post_bind4")
int work(struct bpf_sock *ctx)
{
	hit();
	return 0;
}
