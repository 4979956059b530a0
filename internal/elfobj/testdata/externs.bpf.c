// What is defined by the kernel.
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct rq { int nr_running; };

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern enum libbpf_tristate CONFIG_BPF __kconfig;
extern char CONFIG_LSM[64] __kconfig;
extern unsigned long CONFIG_NOSUCH __kconfig __weak;

extern const struct rq runqueues __ksym;
extern const void bpf_prog_load __ksym;
extern const void no_such_symbol __ksym __weak;

struct task_struct;
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern int no_such_function(void) __ksym __weak;

char _license[] SEC("license") = "GPL";

SEC("xdp")
int config(struct xdp_md *ctx)
{
	return LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_BPF + CONFIG_LSM[1] + CONFIG_NOSUCH;
}

SEC("xdp")
int symbols(struct xdp_md *ctx)
{
	struct rq *rq = bpf_per_cpu_ptr(&runqueues, 0);

	if (&no_such_symbol)
		return 1;
	return (rq ? rq->nr_running : 0) + ((long)&bpf_prog_load & 1);
}

SEC("tp_btf/task_newtask")
int functions(__u64 *ctx)
{
	bpf_task_acquire((void *)ctx[0]);
	if (no_such_function)
		return no_such_function();
	return 0;
}
