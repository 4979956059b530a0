#include "work.h"

SEC("lirc_mode2")
int work(unsigned int *ctx)
{
	hit();
	return 0;
}
