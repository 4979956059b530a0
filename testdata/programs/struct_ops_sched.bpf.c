#include "work.h"

/* What is used of the kernel's struct. */
struct sched_ext_ops___part {
	void (*running)(void *task);
	char name[128];
};

/* Counts the tasks that run; the rest is the kernel's. */
SEC("struct_ops/running")
void BPF_PROG(work, struct task_struct *task)
{
	hit();
}

SEC(".struct_ops.link")
struct sched_ext_ops___part scheduler = {
	.running = (void *)work,
	.name = "gobpftool",
};
