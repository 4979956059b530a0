#include "idiom.h"

SEC("tp_btf")
int program(void *ctx)
{
	return 2;
}
