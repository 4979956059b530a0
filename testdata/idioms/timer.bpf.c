#include "idiom.h"

struct value {
	struct bpf_spin_lock lock;
	struct bpf_timer timer;
	int n;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, struct value);
} timers SEC(".maps");

static int rings(void *map, int *key, struct value *v)
{
	bpf_spin_lock(&v->lock);
	v->n++;
	bpf_spin_unlock(&v->lock);
	return 0;
}

SEC("tc")
int start(struct __sk_buff *ctx)
{
	int key = 0;
	struct value *v = bpf_map_lookup_elem(&timers, &key);

	if (!v || bpf_timer_init(&v->timer, &timers, 1))
		return 0;
	bpf_timer_set_callback(&v->timer, rings);
	return bpf_timer_start(&v->timer, 1000, 0);
}
