#include "idiom.h"

SEC("no_such_section/x")
int program(void *ctx)
{
	return 2;
}
