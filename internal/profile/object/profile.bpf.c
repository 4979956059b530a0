// SPDX-License-Identifier: MIT
//
// The programs that profile another one: the first runs before it, the second after it. objects.sh
// compiles them.

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

/* How many events there can be on a CPU: MaxEvents of profile.go. */
#define MAX_EVENTS 4

/* What bpf_perf_event_read_value tells: struct bpf_perf_event_value. */
struct reading {
	__u64 count;
	__u64 enabled; /* nanoseconds for which it was to count */
	__u64 running; /* nanoseconds for which it did */
};

/* State of profile.go. */
struct state {
	__u64 runs;  /* that went into the sums */
	__u64 taken; /* readings of the run that has begun, 0 if none has */
	struct reading before[MAX_EVENTS];
	struct reading sums[MAX_EVENTS];
};

/* Those of CPU n start at n * MAX_EVENTS; how many CPUs there are is told when it is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} profile_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct state);
} profile_state SEC(".maps");

/* Reads all events of the CPU, and returns how many there are: 0 if one of them cannot be read. */
static __always_inline __u64 take(struct reading *to)
{
	__u32 slot = bpf_get_smp_processor_id() * MAX_EVENTS;
	__u64 i;

#pragma unroll
	for (i = 0; i < MAX_EVENTS; i++) {
		long err = bpf_perf_event_read_value(&profile_events, slot + i, (void *)&to[i], sizeof(to[i]));

		if (err == -ENOENT)
			break;
		if (err)
			return 0;
	}
	return i;
}

SEC("fentry")
int profile_enter(void *ctx)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&profile_state, &zero);

	if (s)
		s->taken = take(s->before);
	return 0;
}

SEC("fexit")
int profile_leave(void *ctx)
{
	struct reading after[MAX_EVENTS];
	__u64 taken = take(after);
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&profile_state, &zero);
	__u64 i;

	/* A run that began before the first program was attached, or within which another one ended. */
	if (!s || !taken || s->taken != taken)
		return 0;
#pragma unroll
	for (i = 0; i < MAX_EVENTS; i++) {
		if (i == taken)
			break;
		s->sums[i].count += after[i].count - s->before[i].count;
		s->sums[i].enabled += after[i].enabled - s->before[i].enabled;
		s->sums[i].running += after[i].running - s->before[i].running;
	}
	s->runs++;
	s->taken = 0;
	return 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
