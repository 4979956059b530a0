#include "work.h"

SEC("perf_event")
int work(struct bpf_perf_event_data *ctx)
{
	hit();
	return 0;
}
