#include "idiom.h"

#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))

/* Kernels before 6.8 do not know the tag, but the type by which the context of a program is known,
 * which is another one for each type of programs. */
__noinline int any(void *ctx __arg_ctx)
{
	return bpf_get_prandom_u32() + (ctx != 0);
}

__noinline int of_probe(struct pt_regs *ctx __arg_ctx, int n)
{
	return ctx->ip + n + any(ctx);
}

SEC("kprobe")
int probe(void *ctx)
{
	return of_probe(ctx, 3);
}

SEC("perf_event")
int sample(void *ctx)
{
	return any(ctx);
}

SEC("xdp")
int packet(struct xdp_md *ctx)
{
	return any(ctx) ? XDP_DROP : XDP_PASS;
}

SEC("raw_tp")
int traced(void *ctx)
{
	return any(ctx);
}
