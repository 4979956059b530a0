// Functions without a program, and a variable, for other objects.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int calls;

__noinline int library(int x)
{
	return x + calls++;
}
