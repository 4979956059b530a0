#include "idiom.h"

#define __contains(type, member) __attribute__((btf_decl_tag("contains:" #type ":" #member)))

extern void *bpf_obj_new_impl(__u64 local_type_id, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *p, void *meta) __ksym;
extern int bpf_list_push_front_impl(struct bpf_list_head *head, struct bpf_list_node *node, void *meta, __u64 off) __ksym;
extern struct bpf_list_node *bpf_list_pop_front(struct bpf_list_head *head) __ksym;
extern int bpf_rbtree_add_impl(struct bpf_rb_root *root, struct bpf_rb_node *node,
	bool (less)(struct bpf_rb_node *a, const struct bpf_rb_node *b), void *meta, __u64 off) __ksym;

struct item {
	struct bpf_list_node in_list;
	int n;
};

struct leaf {
	struct bpf_rb_node in_tree;
	int n;
};

struct value {
	struct bpf_spin_lock lock;
	struct bpf_list_head head __contains(item, in_list);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct value);
} lists SEC(".maps");

/* Nobody can map variables that the kernel fills: they are hidden, in a section of their own. */
struct bpf_spin_lock lock SEC(".data.tree") __hidden;
struct bpf_rb_root root SEC(".data.tree") __hidden __contains(leaf, in_tree);

static bool less(struct bpf_rb_node *a, const struct bpf_rb_node *b)
{
	return ((struct leaf *)a)->n < ((struct leaf *)b)->n;
}

SEC("tc")
int add(struct __sk_buff *ctx)
{
	int key = 0;
	struct value *v = bpf_map_lookup_elem(&lists, &key);
	struct item *i;
	struct leaf *l;

	if (!v || !(i = bpf_obj_new_impl(bpf_core_type_id_local(struct item), 0)))
		return 0;
	bpf_spin_lock(&v->lock);
	bpf_list_push_front_impl(&v->head, &i->in_list, 0, 0);
	bpf_spin_unlock(&v->lock);
	if (!(l = bpf_obj_new_impl(bpf_core_type_id_local(struct leaf), 0)))
		return 0;
	bpf_spin_lock(&lock);
	bpf_rbtree_add_impl(&root, &l->in_tree, less, 0, 0);
	bpf_spin_unlock(&lock);
	return 0;
}
