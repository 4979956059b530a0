#include "idiom.h"

SEC("fentry/bpf_fentry_test1")
int p1(void *ctx)
{
	return 0;
}

SEC("fexit/bpf_fentry_test1")
int p2(void *ctx)
{
	return 0;
}


SEC("fmod_ret/bpf_modify_return_test")
int p4(void *ctx)
{
	return 0;
}

SEC("lsm/file_open")
int p5(void *ctx)
{
	return 0;
}

SEC("lsm.s/file_open")
int p6(void *ctx)
{
	return 0;
}

SEC("lsm_cgroup/socket_bind")
int p7(void *ctx)
{
	return 1;
}
