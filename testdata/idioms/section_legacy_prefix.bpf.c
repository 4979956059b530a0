#include "idiom.h"

SEC("xdp_prog")
int program(void *ctx)
{
	return 2;
}
