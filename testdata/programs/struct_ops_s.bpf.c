#include "work.h"

/* The kernel's struct for tests, whose functions are run by those. */
SEC("struct_ops.s/test_sleepable")
int BPF_PROG(work, struct bpf_dummy_ops_state *state)
{
	hit();
	return 0;
}

SEC(".struct_ops")
struct bpf_dummy_ops dummy = {
	.test_sleepable = (void *)work,
};
