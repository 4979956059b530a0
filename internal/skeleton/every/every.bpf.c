//go:build ignore

// Maps of every type that has entries to be read and written, and variables of every section, all with
// values that are laid out in hard ways: what Go writes is checked here, and what is written here is checked in Go.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

enum color { RED, GREEN = 5, BLUE = -7 };

struct point {
	__u8 x;
	__u32 y;
} __attribute__((packed));

struct record {
	__u8 first;
	__u64 second;
	struct {
		__u16 third;
		__u8 low : 3, high : 5;
	};
	union {
		__u32 word;
		__u8 bytes[4];
		struct {
			__u16 lower, upper;
		} halves;
	};
	enum color color;
	char name[13];
	struct point odd;
	int minus : 9;
	void *pointer;
	_Bool yes;
	__u16 list[3];
};

struct prefix {
	__u32 bits;
	__u8 address[4];
};

#define MAP(NAME, TYPE, ENTRIES, FLAGS, KEY, VALUE) \
	struct { \
		__uint(type, BPF_MAP_TYPE_##TYPE); \
		__uint(max_entries, ENTRIES); \
		__uint(map_flags, FLAGS); \
		__type(key, KEY); \
		__type(value, VALUE); \
	} NAME SEC(".maps")

MAP(hash, HASH, 1000, 0, __u32, struct record);
MAP(array, ARRAY, 4, 0, __u32, struct record);
MAP(lru_hash, LRU_HASH, 100, 0, __u64, struct record);
MAP(percpu_hash, PERCPU_HASH, 10, 0, struct point, struct record);
MAP(percpu_array, PERCPU_ARRAY, 3, 0, __u32, __u32);
MAP(lru_percpu_hash, LRU_PERCPU_HASH, 100, 0, __u32, __u64);
MAP(lpm_trie, LPM_TRIE, 10, BPF_F_NO_PREALLOC, struct prefix, enum color);

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 10);
	__type(value, struct record);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 10);
	__type(value, struct point);
} stack SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 100);
	__type(value, struct prefix);
} bloom SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ringbuf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, 4);
	__uint(value_size, 4);
} tails SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 5);
	__type(key, __u32);
	__type(value, struct record);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} array_of_maps SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, struct point);
	__array(values, struct {
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
		__uint(max_entries, 1);
		__type(key, __u32);
		__type(value, __u64);
	});
} hash_of_maps SEC(".maps");

MAP(sk_storage, SK_STORAGE, 0, BPF_F_NO_PREALLOC, int, struct record);
MAP(cgroup_array, CGROUP_ARRAY, 2, 0, __u32, __u32);
MAP(stack_trace, STACK_TRACE, 8, 0, __u32, __u64);
MAP(devmap, DEVMAP, 4, 0, __u32, struct bpf_devmap_val);
MAP(devmap_hash, DEVMAP_HASH, 4, 0, __u32, __u32);
MAP(cpumap, CPUMAP, 4, 0, __u32, struct bpf_cpumap_val);
MAP(xskmap, XSKMAP, 4, 0, __u32, __u32);
MAP(sockmap, SOCKMAP, 4, 0, __u32, __u64);
MAP(sockhash, SOCKHASH, 4, 0, struct point, __u64);
MAP(reuseport, REUSEPORT_SOCKARRAY, 4, 0, __u32, __u64);

// What the skeleton has structs of, too.
struct bss {
	__u32 x;
};

struct data {
	__u64 y;
};

MAP(named, HASH, 1, 0, struct bss, struct data);

struct {
} nothing, nothing_else; // variables without bytes

const volatile struct record constant = { .first = 7, .name = "constant" };
const volatile __u32 limit = 3;
struct record written = { .first = 1, .second = 2 };
struct record zero;
__u64 counted;
enum color painted SEC(".data.colors") = BLUE;
const volatile struct point place SEC(".rodata.places") = { 1, 2 };
static volatile __u16 unseen = 9; // no symbol that others see
char text[16] = "text";
struct record *kept; // for its type's sake

// Words of Go, and of the skeleton.
__u32 type = 1, func = 2, Maps = 3, Load = 4, s = 5, string = 6;

static __always_inline void fill(struct record *r, __u32 seed)
{
	__builtin_memset(r, 0, sizeof(*r));
	r->first = seed;
	r->second = (__u64)seed << 40;
	r->third = seed + 1;
	r->low = seed & 7;
	r->high = (seed + 3) & 31;
	r->halves.lower = seed;
	r->halves.upper = ~seed;
	r->color = BLUE;
	r->name[0] = 'a' + seed % 26;
	r->name[1] = '!';
	r->odd.x = seed;
	r->odd.y = 0x10000 + seed;
	r->minus = -(int)(seed % 200);
	r->pointer = (void *)(long)(0xffff000000000000 + seed);
	r->yes = seed & 1;
	r->list[2] = seed;
}

// same reports whether r is what fill makes, field by field, as there is padding.
static __always_inline int same(const volatile struct record *r, __u32 seed)
{
	return r->first == (__u8)seed && r->second == (__u64)seed << 40 && r->third == (__u16)(seed + 1) &&
	       r->low == (seed & 7) && r->high == ((seed + 3) & 31) && r->word == ((seed & 0xffff) | (~seed << 16)) &&
	       r->color == BLUE && r->name[0] == 'a' + seed % 26 && r->name[1] == '!' && r->name[2] == 0 &&
	       r->odd.x == (__u8)seed && r->odd.y == 0x10000 + seed && r->minus == -(int)(seed % 200) &&
	       (__u64)r->pointer == 0xffff000000000000 + seed && r->yes == (seed & 1) && r->list[2] == (__u16)seed;
}

#define CHECK(NUMBER, CONDITION) \
	if (!(CONDITION)) \
		return NUMBER

static __always_inline int check(void *map, const void *key, __u32 seed)
{
	struct record *r = bpf_map_lookup_elem(map, key);
	return r && same(r, seed);
}

// entries returns 0, or the number of the map with an entry that is not as it should be.
SEC("tc")
int entries(struct __sk_buff *skb)
{
	struct point corner = { 3, 4 };
	struct prefix address = { 32, { 10, 1, 2, 3 } };
	__u64 long_key = 1ull << 33, *wide;
	__u32 key = 2, *word;
	enum color *color;
	struct record r;
	void *inner;

	CHECK(1, check(&hash, &key, 11));
	CHECK(2, check(&array, &key, 12));
	CHECK(3, check(&lru_hash, &long_key, 13));
	CHECK(4, check(&percpu_hash, &corner, 14 + bpf_get_smp_processor_id()));
	word = bpf_map_lookup_elem(&percpu_array, &key);
	CHECK(5, word && *word == 15 + bpf_get_smp_processor_id());
	wide = bpf_map_lookup_elem(&lru_percpu_hash, &key);
	CHECK(6, wide && *wide == (1ull << 50) + bpf_get_smp_processor_id());
	color = bpf_map_lookup_elem(&lpm_trie, &address);
	CHECK(7, color && *color == BLUE);
	CHECK(8, !bpf_map_pop_elem(&queue, &r) && same(&r, 18));
	CHECK(9, !bpf_map_pop_elem(&stack, &corner) && corner.x == 19 && corner.y == 0x190000);
	CHECK(10, !bpf_map_peek_elem(&bloom, &address));
	address.address[3] = 99;
	CHECK(11, bpf_map_peek_elem(&bloom, &address));
	inner = bpf_map_lookup_elem(&array_of_maps, (key = 1, &key));
	CHECK(12, inner && check(inner, (key = 2, &key), 22));
	corner = (struct point){ 3, 4 };
	inner = bpf_map_lookup_elem(&hash_of_maps, &corner);
	CHECK(13, inner);
	wide = bpf_map_lookup_elem(inner, (key = 0, &key));
	CHECK(14, wide && *wide == 23 + bpf_get_smp_processor_id());
	return 0;
}

// variables returns 0, or the number of the variable that is not as it should be.
SEC("tc")
int variables(struct __sk_buff *skb)
{
	CHECK(1, same(&constant, 31));
	CHECK(2, limit == 1234567);
	CHECK(3, same(&written, 33));
	CHECK(4, same(&zero, 34));
	CHECK(5, painted == GREEN);
	CHECK(6, place.x == 200 && place.y == 0xfedcba98);
	CHECK(7, unseen == 999);
	CHECK(8, text[0] == 'G' && text[1] == 'o' && text[2] == 0);
	CHECK(9, type == 101 && func == 102 && Maps == 103 && Load == 104 && s == 105 && string == 106);
	CHECK(10, counted == 1);
	CHECK(11, (void *)&nothing != skb && (void *)&nothing_else != skb);
	return 0;
}

// fills writes entries and variables, and sends records.
SEC("tc")
int fills(struct __sk_buff *skb)
{
	struct point corner = { 5, 6 };
	struct prefix address = { 16, { 10, 2 } };
	enum color color = GREEN;
	__u64 long_key = 7, wide = 1ull << 60;
	__u32 key = 3;
	struct record r;
	void *inner;

	fill(&r, 41);
	bpf_map_update_elem(&hash, &key, &r, 0);
	fill(&r, 42);
	bpf_map_update_elem(&array, &key, &r, 0);
	fill(&r, 43);
	bpf_map_update_elem(&lru_hash, &long_key, &r, 0);
	fill(&r, 44);
	bpf_map_update_elem(&percpu_hash, &corner, &r, 0);
	bpf_map_update_elem(&lru_percpu_hash, &key, &wide, 0);
	bpf_map_update_elem(&lpm_trie, &address, &color, 0);
	fill(&r, 48);
	bpf_map_push_elem(&queue, &r, 0);
	bpf_map_push_elem(&stack, &corner, 0);
	bpf_map_push_elem(&bloom, &address, 0);
	inner = bpf_map_lookup_elem(&array_of_maps, (key = 1, &key));
	if (inner) {
		fill(&r, 52);
		bpf_map_update_elem(inner, (key = 3, &key), &r, 0);
	}
	fill(&r, 55);
	bpf_ringbuf_output(&ringbuf, &r, sizeof(r), 0);
	fill(&r, 56);
	bpf_perf_event_output(skb, &events, BPF_F_CURRENT_CPU, &r, sizeof(r));
	fill(&written, 63);
	fill(&zero, 64);
	painted = BLUE;
	counted = 1ull << 63;
	unseen = 60000;
	return 0;
}

SEC("tc")
int tail(struct __sk_buff *skb)
{
	return 77;
}

SEC("tc")
int calls(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &tails, 1);
	return 1;
}

char _license[] SEC("license") = "GPL";
