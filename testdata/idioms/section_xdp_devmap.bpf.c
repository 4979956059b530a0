#include "idiom.h"

SEC("xdp_devmap/x")
int program(void *ctx)
{
	return 2;
}
