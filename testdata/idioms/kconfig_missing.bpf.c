#include "idiom.h"

extern int CONFIG_NO_SUCH_THING __kconfig;

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	return CONFIG_NO_SUCH_THING;
}
