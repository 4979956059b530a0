// Tells of the files that this process opens: their paths, as the ring buffer has them, then
// whether the subskeleton finds the same variables.

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/types.h>

struct event {
	__u32 pid;
	__u32 flags;
	char comm[16];
	char path[256];
};

#include "trace_open.skel.h"
#include "trace_open.subskel.h"

static int tell(void *ctx, void *data, size_t size)
{
	struct event *e = data;

	if (!strncmp(e->path, "/nowhere", 8))
		printf("event %d %s\n", e->pid == (__u32)getpid(), e->path);
	return 0;
}

int main(void)
{
	struct trace_open *s = trace_open__open();
	struct part *p;
	struct ring_buffer *r;

	if (!s)
		return 1;
	s->rodata->only_pid = getpid();
	s->bss->lost = 5;
	if (trace_open__load(s) || trace_open__attach(s))
		return 2;
	p = part__open(s->obj);
	if (!p)
		return 3;
	r = ring_buffer__new(bpf_map__fd(s->maps.events), tell, NULL, NULL);
	if (!r)
		return 4;
	open("/nowhere/1", O_RDONLY);
	trace_open__detach(s);
	open("/nowhere/2", O_RDONLY);
	if (ring_buffer__poll(r, 1000) < 0)
		return 5;
	printf("lost %llu %d\n", *p->bss.lost, p->rodata.only_pid == &s->rodata->only_pid);
	ring_buffer__free(r);
	part__destroy(p);
	trace_open__destroy(s);
	return 0;
}
