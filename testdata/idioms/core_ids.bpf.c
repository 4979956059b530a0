#include "idiom.h"

struct no_such_type {
	int a;
} __attribute__((preserve_access_index));

int local, kernel, absent;

SEC("raw_tp/sys_enter")
int ask(void *ctx)
{
	local = bpf_core_type_id_local(struct no_such_type);
	kernel = bpf_core_type_id_kernel(struct task_struct);
	absent = bpf_core_type_id_kernel(struct no_such_type);
	return 0;
}
