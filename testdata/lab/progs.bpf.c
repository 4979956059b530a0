// progs.bpf.c - an iterator of programs that prints of each what "prog show" does not tell: a line with
// its number, its type, what it expects to be attached to, the type that it is attached to, and
// whether it sleeps and takes packets of several buffers.
#define SEC(name) __attribute__((section(name), used))
#define relocated __attribute__((preserve_access_index))

typedef unsigned int u32;
typedef unsigned long long u64;

enum bpf_prog_type { type }; // libbpf takes no integers for enumerations
enum bpf_attach_type { attach_type };

struct bpf_prog_aux {
	u32 id, attach_btf_id;
	_Bool sleepable; // up to 6.8
	_Bool xdp_has_frags; // from 5.18 on
} relocated;
struct bpf_prog {
	_Bool sleepable : 1; // from 6.9 on
	enum bpf_prog_type type;
	enum bpf_attach_type expected_attach_type;
	struct bpf_prog_aux *aux;
} relocated;
struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
} relocated;
struct bpf_iter__bpf_prog {
	struct bpf_iter_meta *meta;
	struct bpf_prog *prog;
} relocated;

static long (*seq_printf)(struct seq_file *, const char *, u32, const void *, u32) = (void *)126;
static long (*read_kernel)(void *, u32, const void *) = (void *)113;

enum { offset, size, exists, left = 4, right }; // of clang's builtin

// field reads one that may be of bits, and 0 if this kernel has none.
#define field(p, name) ({ \
	u64 v = 0; \
	if (__builtin_preserve_field_info((p)->name, exists)) { \
		read_kernel(&v, __builtin_preserve_field_info((p)->name, size), \
			(void *)(p) + __builtin_preserve_field_info((p)->name, offset)); \
		v = v << __builtin_preserve_field_info((p)->name, left) >> __builtin_preserve_field_info((p)->name, right); \
	} \
	v; \
})

SEC("iter/bpf_prog")
int list(struct bpf_iter__bpf_prog *c)
{
	static const char format[] = "%llu %llu %llu %llu %llu %llu\n";
	struct bpf_prog *p = c->prog;
	if (!p)
		return 0;
	struct bpf_prog_aux *a = p->aux;
	u64 told[] = {
		field(a, id), field(p, type), field(p, expected_attach_type), field(a, attach_btf_id),
		field(p, sleepable) | field(a, sleepable), field(a, xdp_has_frags),
	};
	seq_printf(c->meta->seq, format, sizeof(format), told, sizeof(told));
	return 0;
}

char gpl[] SEC("license") = "GPL";
