// What an object needs to find in a kernel by its name.
#include "core.h"

#define __ksym __attribute__((section(".ksyms")))
#define __weak __attribute__((weak))

struct queue { int length; };

extern int has_function(struct queue *q) __ksym;
extern int lacks_function(struct queue *q) __ksym;
extern int other_function(struct queue *q) __ksym;
extern int has_function___variant(long x) __ksym __weak;
extern int weak_function(void) __ksym __weak;
extern struct queue has_variable __ksym;
extern struct queue lacks_variable __ksym;
extern struct queue other_variable __ksym;
extern struct queue weak_variable __ksym __weak;
extern void address __ksym;

static __noinline int deeper(struct queue *q) { return lacks_function(q); }

SEC("raw_tp/calls") int calls(struct queue *q)
{
	int n = has_function(q) + deeper(q) + other_function(q);

	if (has_function___variant)
		n += has_function___variant(1);
	return weak_function ? n + weak_function() : n;
}

SEC("raw_tp/reads") int reads(void *ctx)
{
	long n = (long)&has_variable + (long)&lacks_variable + (long)&other_variable + (long)&address;

	return &weak_variable ? n + (long)&weak_variable : n;
}

SEC("fentry/has_function") int has(void *ctx) { return 0; }
SEC("fexit/lacks_function") int lacks(void *ctx) { return 0; }
SEC("?fexit/lacks_function") int may_lack(void *ctx) { return 0; }
SEC("fentry/vmlinux:lacks_function") int lacks_itself(void *ctx) { return 0; }
SEC("fentry/driver:driver_function") int of_module(void *ctx) { return 0; }
SEC("fentry/driver:lacks_function") int not_of_module(void *ctx) { return 0; }
SEC("fentry/other:driver_function") int of_other_module(void *ctx) { return 0; }
SEC("tp_btf/has_event") int event(void *ctx) { return 0; }
SEC("tp_btf/lacks_event") int no_event(void *ctx) { return 0; }
SEC("lsm/has_hook") int hook(void *ctx) { return 0; }
SEC("lsm.s/lacks_hook") int no_hook(void *ctx) { return 0; }
SEC("iter/has_list") int list(void *ctx) { return 0; }
SEC("iter/lacks_list") int no_list(void *ctx) { return 0; }
SEC("fentry") int set_by_loader(void *ctx) { return 0; }
SEC("freplace/of_program") int of_program(void *ctx) { return 0; }
SEC("kprobe/lacks_function") int no_types(void *ctx) { return 0; }

SEC("struct_ops") int act(void *ctx) { return 0; }

struct has_ops { int (*act)(void); };
struct lacks_ops___variant { int (*act)(void); };

SEC(".struct_ops") struct has_ops has_map = {(void *)act};
SEC(".struct_ops") struct lacks_ops___variant lacks_map = {(void *)act};
SEC("?.struct_ops") struct lacks_ops___variant may_lack_map = {(void *)act};
