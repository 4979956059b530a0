#include "idiom.h"

SEC("fentry/no_such_function")
int program(void *ctx)
{
	return 2;
}
