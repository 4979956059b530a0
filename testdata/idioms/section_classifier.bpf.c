#include "idiom.h"

SEC("classifier/ingress")
int program(void *ctx)
{
	return 2;
}
