#include "idiom.h"

extern void bpf_map_new_fd __ksym;
extern const void bpf_prog_put __ksym;
extern const void no_such_symbol __ksym __weak;

unsigned long long found, also, none;

/* Addresses by /proc/kallsyms. */
SEC("raw_tp/sys_enter")
int read(void *ctx)
{
	found = (unsigned long)&bpf_map_new_fd;
	also = (unsigned long)&bpf_prog_put;
	none = (unsigned long)&no_such_symbol;
	return 0;
}
