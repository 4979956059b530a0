//go:build ignore
// SPDX-License-Identifier: MIT
//
// Tells of files as they are opened. "make objects" compiles it.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* What user space gets. Skeletons have the types that variables point to. */
struct event {
	__u32 pid;
	__u32 flags; /* of openat(2) */
	char comm[16];
	char path[256];
};
const struct event *event_type;

/* The process to tell of, or 0 for all. */
const volatile __u32 only_pid = 0;

/* Events for which there was no room. */
__u64 lost;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

/* What is used of the kernel's type: where it is, relocations tell. */
struct trace_event_raw_sys_enter {
	unsigned long args[6];
} __attribute__((preserve_access_index));

SEC("tracepoint/syscalls/sys_enter_openat")
int trace_openat(struct trace_event_raw_sys_enter *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct event *e;

	if (only_pid && pid != only_pid)
		return 0;
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	e->pid = pid;
	e->flags = ctx->args[2];
	bpf_get_current_comm(e->comm, sizeof(e->comm));
	if (bpf_probe_read_user_str(e->path, sizeof(e->path), (const void *)ctx->args[1]) < 0)
		e->path[0] = 0;
	bpf_ringbuf_submit(e, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
