#include "idiom.h"

#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))

/* Kernels before 6.8 take no tag, but the type by which the context of a program is known. */
__noinline int global(void *ctx __arg_ctx)
{
	return bpf_get_attach_cookie(ctx) > 0;
}

__noinline int described(struct pt_regs *ctx __arg_ctx)
{
	return bpf_get_attach_cookie(ctx) > 0;
}

SEC("kprobe")
int probe(void *ctx)
{
	return described(ctx);
}

SEC("perf_event")
int sample(void *ctx)
{
	return global(ctx);
}

SEC("uprobe")
int again(void *ctx)
{
	return global(ctx);
}
