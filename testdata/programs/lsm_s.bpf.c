#include "work.h"

SEC("lsm.s/bprm_committed_creds")
int BPF_PROG(work, struct linux_binprm *bprm)
{
	hit();
	return 0;
}
