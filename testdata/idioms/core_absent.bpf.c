#include "idiom.h"

struct no_such_type {
	int a;
} __attribute__((preserve_access_index));

enum no_such_enum { NO_SUCH_VALUE = 5 };

int there, size, value;

/* Questions about what the kernel does not have are answered by 0. */
SEC("raw_tp/sys_enter")
int ask(void *ctx)
{
	there = bpf_core_type_exists(struct no_such_type) + bpf_core_enum_value_exists(enum no_such_enum, NO_SUCH_VALUE);
	size = bpf_core_type_size(struct no_such_type);
	value = bpf_core_field_exists(((struct no_such_type *)0)->a);
	if (bpf_core_type_exists(struct no_such_type))
		there += BPF_CORE_READ((struct no_such_type *)ctx, a);
	return 0;
}
