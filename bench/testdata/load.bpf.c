// A large object: programs of a tracer, with relocations, maps and work for the verifier.
// clang-19 -g -O2 -target bpfel -mcpu=v3 -ffile-prefix-map=$PWD=. -c load.bpf.c && llvm-strip-19 --strip-debug load.bpf.o
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct qstr { const unsigned char *name; };
struct dentry { struct qstr d_name; struct dentry *d_parent; };
struct path { struct dentry *dentry; };
struct file { struct path f_path; unsigned int f_flags; };
struct mm_struct { struct file *exe_file; unsigned long start_stack, total_vm; };
typedef struct { unsigned int val; } kuid_t;
typedef struct { unsigned int val; } kgid_t;
struct cred { kuid_t uid; kgid_t gid; };
struct task_struct {
	int pid, tgid, prio;
	unsigned int flags;
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	const struct cred *cred;
	char comm[16];
};
#pragma clang attribute pop

struct event {
	int pid, tgid, ppid, prio;
	unsigned int flags, uid, gid;
	unsigned long stack, pages;
	char comm[16];
	char path[8][32];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");

volatile const int only_pid;
__u64 lost;

static __always_inline void tell(int kind)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		__sync_fetch_and_add(&lost, 1);
		return;
	}
	e->pid = BPF_CORE_READ(t, pid) + kind;
	e->tgid = BPF_CORE_READ(t, tgid);
	e->ppid = BPF_CORE_READ(t, real_parent, group_leader, pid);
	e->prio = BPF_CORE_READ(t, prio);
	e->flags = BPF_CORE_READ(t, flags);
	e->uid = BPF_CORE_READ(t, cred, uid.val);
	e->gid = BPF_CORE_READ(t, cred, gid.val);
	e->stack = BPF_CORE_READ(t, mm, start_stack);
	e->pages = BPF_CORE_READ(t, mm, total_vm);
	BPF_CORE_READ_STR_INTO(&e->comm, t, comm);
	struct dentry *d = BPF_CORE_READ(t, mm, exe_file, f_path.dentry);
	for (int i = 0; i < 8 && d; i++) {
		bpf_probe_read_kernel_str(e->path[i], sizeof(e->path[i]), BPF_CORE_READ(d, d_name.name));
		d = BPF_CORE_READ(d, d_parent);
	}
	bpf_ringbuf_submit(e, 0);
}

#define TABLE(n)                                                  \
	struct {                                                  \
		__uint(type, BPF_MAP_TYPE_HASH);                  \
		__uint(max_entries, 128);                         \
		__type(key, __u64);                               \
		__type(value, struct event);                      \
	} table##n SEC(".maps");                                  \
	SEC("raw_tp/sys_enter") int enter##n(void *ctx)           \
	{                                                         \
		__u64 id = bpf_get_current_pid_tgid();            \
		if (only_pid && only_pid != (int)id)              \
			return 0;                                 \
		if (!bpf_map_lookup_elem(&table##n, &id))         \
			tell(n);                                  \
		return 0;                                         \
	}
#define TEN(n) TABLE(n##0) TABLE(n##1) TABLE(n##2) TABLE(n##3) TABLE(n##4) TABLE(n##5) TABLE(n##6) TABLE(n##7) TABLE(n##8) TABLE(n##9)
TEN(1) TEN(2) TEN(3) TEN(4)
