// Runs a program that sends an event to the buffer of the processor, and reads it.

#include <stdio.h>
#include <bpf/bpf.h>

#include "perf_event_array.skel.h"

static void tell(void *ctx, int cpu, void *data, __u32 size) { printf("event of %u bytes\n", size); }

int main(void)
{
	struct perf_event_array *s = perf_event_array__open_and_load();
	struct perf_buffer *b;
	char packet[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet));
	size_t size = 0;

	if (!s)
		return 1;
	b = perf_buffer__new(bpf_map__fd(s->maps.events), 8, tell, NULL, NULL, NULL);
	if (!b)
		return 2;
	if (bpf_prog_test_run_opts(bpf_program__fd(s->progs.send), &opts))
		return 3;
	if (perf_buffer__poll(b, 1000) < 0)
		return 4;
	perf_event_array__elf_bytes(&size);
	printf("passed %d, %zu bytes of object\n", opts.retval == 2, size);
	perf_buffer__free(b);
	perf_event_array__destroy(s);
	return 0;
}
