#include "idiom.h"

#include <bpf/usdt.bpf.h>

/* The header has weak maps and a weak setting that no kernel is configured with. */
SEC("usdt")
int BPF_USDT(probe, int n)
{
	bpf_printk("%d", n);
	return 0;
}
