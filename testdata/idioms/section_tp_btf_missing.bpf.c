#include "idiom.h"

SEC("tp_btf/no_such_tracepoint")
int program(void *ctx)
{
	return 2;
}
