#include "idiom.h"

/* A program may say for which member it is, and no struct has it. */
SEC("struct_ops/ssthresh")
__u32 BPF_PROG(ssthresh, struct sock *sk)
{
	return 2;
}
