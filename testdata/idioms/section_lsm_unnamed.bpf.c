#include "idiom.h"

SEC("lsm")
int program(void *ctx)
{
	return 2;
}
