#include "work.h"

char name[] = OTHER_NAME;

/* Shows another name. */
SEC("cgroup/getpeername_unix")
int work(struct bpf_sock_addr *ctx)
{
	hit();
	bpf_sock_addr_set_sun_path(bpf_cast_to_kern_ctx(ctx), (const __u8 *)name, sizeof(name) - 1);
	return 1;
}
