// What is needed of a kernel, in all ways that "object check" tells apart.
// clang-19 -target bpf -mcpu=v3 -O2 -g -fdebug-prefix-map=$PWD=. -c probe.bpf.c -o probe.bpf.o && llvm-strip-19 -g probe.bpf.o
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define exists(field) __builtin_preserve_field_info(field, 2)

struct task { int pid; long state; int extra; } CORE;
struct device { int number; } CORE; // of a module

char _license[] SEC("license") = "GPL";

static __attribute__((noinline)) int pid_of(struct task *t) { return t->pid; }

SEC("raw_tp/a") int required(struct task *t) { return pid_of(t); }

SEC("raw_tp/b") int guarded(struct task *t)
{
	if (exists(t->state))
		return t->state;
	return 0;
}

SEC("?raw_tp/c") int optional(struct task *t) { return t->extra; }

SEC("?raw_tp/d") int modular(struct device *d) { return d->number; }
