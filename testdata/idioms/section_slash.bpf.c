#include "idiom.h"

SEC("socket/anything")
int program(void *ctx)
{
	return 2;
}
