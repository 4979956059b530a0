// usdt.bpf.c - programs that attach themselves to user-space tracepoints of target.

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include "hit.h"

// cilium/ebpf, which loads this for tests, takes no weak maps, does not make hidden functions static, and does not know
// the setting LINUX_HAS_BPF_COOKIE: here it is a constant that tests set.
#undef __weak
#undef __hidden
#undef __kconfig
#define __weak
#define __hidden static __attribute__((unused))
#define __kconfig
#define _Bool volatile _Bool
#include <bpf/usdt.bpf.h>
#undef _Bool
const volatile _Bool LINUX_HAS_BPF_COOKIE = true;

// What arguments were.
long long seen[8];
int count;

SEC("usdt/target:lab:args") int args(struct pt_regs *ctx)
{
	count = bpf_usdt_arg_cnt(ctx);
	for (int i = 0; i < 6; i++) {
		long value = 0;
		bpf_usdt_arg(ctx, i, &value);
		seen[i] = value;
	}
	return hit("args");
}

PROGRAM("usdt/target:lab:counted", counted)
PROGRAM("usdt/target:lab:long", wide)

long long twos;

SEC("usdt/target:lab:twice") int twice(struct pt_regs *ctx)
{
	long value = 0;

	bpf_usdt_arg(ctx, 0, &value);
	twos += value;
	return hit("twice");
}

PROGRAM("usdt/target:lab:indexed", indexed)
