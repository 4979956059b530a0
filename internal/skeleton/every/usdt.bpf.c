//go:build ignore

// usdt.bpf.c - programs at the user-space tracepoints of internal/attach/testdata/target.

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/usdt.bpf.h>

// What arguments were, and how many there are.
long long seen[6];
int count;

// How often programs ran.
int counted_hits, wide_hits, sleeps_hits;

// What the argument was, added up.
long long twos, chosen_twos;

SEC("usdt/target:lab:args")
int args(struct pt_regs *ctx)
{
	count = bpf_usdt_arg_cnt(ctx);
	for (int i = 0; i < 6; i++) {
		long value = 0;

		bpf_usdt_arg(ctx, i, &value);
		seen[i] = value;
	}
	return 0;
}

SEC("usdt/target:lab:counted")
int counted(struct pt_regs *ctx)
{
	counted_hits++;
	return 0;
}

SEC("usdt/target:lab:long")
int wide(struct pt_regs *ctx)
{
	wide_hits++;
	return 0;
}

SEC("usdt/target:lab:twice")
int twice(struct pt_regs *ctx)
{
	long value = 0;

	bpf_usdt_arg(ctx, 0, &value);
	twos += value;
	return 0;
}

// Kernels before Linux 6.0 do not load it.
SEC("?usdt.s/target:lab:args")
int sleeps(struct pt_regs *ctx)
{
	sleeps_hits++;
	return 0;
}

SEC("usdt")
int chosen(struct pt_regs *ctx)
{
	long value = 0;

	bpf_usdt_arg(ctx, 0, &value);
	chosen_twos += value;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
