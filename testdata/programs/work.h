/* What all programs of this folder have. */
#define BPF_NO_KFUNC_PROTOTYPES /* the kernel may have them, or not */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EPERM 1
#define TC_ACT_SHOT 2
#define OTHER_PORT 4242
#define OTHER_NAME "\0gobpftool-other"

char _license[] SEC("license") = "GPL";

/* How often the program has done its work. */
unsigned long long hits;

static __always_inline void hit(void)
{
	__sync_fetch_and_add(&hits, 1);
}
