/* What all objects of this folder have. */
#define BPF_NO_KFUNC_PROTOTYPES /* the kernel may have them, or not */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Of later versions of these headers. */
#ifndef __ulong
#define __ulong_of(line, name, value) enum { wide_value_##line = value } name
#define __ulong_at(line, name, value) __ulong_of(line, name, value)
#define __ulong(name, value) __ulong_at(__LINE__, name, value)
#endif
#define __noinline __attribute__((noinline))
#define exists(symbol) (!!(void *)(symbol))

char _license[] SEC("license") = "GPL";
