#include "idiom.h"

extern __u32 LINUX_KERNEL_VERSION __kconfig;
extern long CONFIG_HZ __kconfig;

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	return LINUX_KERNEL_VERSION + CONFIG_HZ;
}
