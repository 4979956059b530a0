#include "idiom.h"

extern __s8 CONFIG_HZ __kconfig; /* 250 or more does not fit */

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	return CONFIG_HZ;
}
