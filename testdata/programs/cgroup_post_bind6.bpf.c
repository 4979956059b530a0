#include "work.h"

/* Refuses it. */
SEC("cgroup/post_bind6")
int work(struct bpf_sock *ctx)
{
	hit();
	return 0;
}
