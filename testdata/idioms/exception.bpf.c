#include "idiom.h"

extern void bpf_throw(u64 cookie) __ksym;

__noinline int caught(u64 cookie)
{
	return cookie + 1;
}

SEC("tc")
__attribute__((btf_decl_tag("exception_callback:caught")))
int throw(struct __sk_buff *ctx)
{
	if (ctx->len > 10)
		bpf_throw(3);
	return 0;
}
