#include "idiom.h"

SEC("xdp")
int a_program_with_a_name_beyond_fifteen_bytes(struct xdp_md *ctx)
{
	return XDP_PASS;
}
