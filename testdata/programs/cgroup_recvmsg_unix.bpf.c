#include "work.h"

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;
extern int bpf_sock_addr_set_sun_path(struct bpf_sock_addr_kern *ctx, const __u8 *path, __u32 path__sz) __ksym;

char name[] = OTHER_NAME;

/* Shows another name. */
SEC("cgroup/recvmsg_unix")
int work(struct bpf_sock_addr *ctx)
{
	hit();
	bpf_sock_addr_set_sun_path(bpf_cast_to_kern_ctx(ctx), (const __u8 *)name, sizeof(name) - 1);
	return 1;
}
