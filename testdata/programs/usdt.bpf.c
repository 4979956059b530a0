#include "work.h"

#include <bpf/usdt.bpf.h>

/* Counts by the argument of the probe, which is 1. */
SEC("usdt/gobpftool-target:gobpftool:probe")
int BPF_USDT(work, int by)
{
	__sync_fetch_and_add(&hits, by);
	return 0;
}
