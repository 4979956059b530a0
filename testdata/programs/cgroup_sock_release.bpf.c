#include "work.h"

SEC("cgroup/sock_release")
int work(struct bpf_sock *ctx)
{
	hit();
	return 1;
}
