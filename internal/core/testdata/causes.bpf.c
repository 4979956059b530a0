// Each cause for which a relocation fails and the program with it. What each function needs
// is called like the cause.
#include "core.h"

enum state { STATE_IDLE = 1, STATE_BUSY = 2, STATE_ZOMBIE = 3 };
struct absent_type { int x; } CORE;
struct task_strukt { int pid; } CORE;
struct other_kind { int x; } CORE;
struct in_module { int x; } CORE;
struct only_declared;
struct inner { int deep; u32 moved_out; } CORE;
struct task {
	int pid;
	long state;
	int absent_field;
	int down;
	struct inner inner;
	struct inner *pointer;
	int list[8];
	int was_list[2];
	int sized;
	int renamed;
} CORE;
struct task___new { u32 renamed_since; } CORE;
struct shape { int a; int b; } CORE;

u64 sink;

SEC("raw_tp/absent_type") int absent_type(struct absent_type *t) { return t->x; }
SEC("raw_tp/close_type") int close_type(struct task_strukt *t) { return t->pid; }
SEC("raw_tp/other_kind") int other_kind(struct other_kind *t) { return t->x; }
SEC("raw_tp/module_type") int module_type(struct in_module *t) { return t->x; }
SEC("raw_tp/dropped") int dropped(struct only_declared *t) { return TYPE_EXISTS(struct only_declared); }
SEC("raw_tp/absent_field") int absent_field(struct task *t) { return t->absent_field; }
SEC("raw_tp/close_field") int close_field(struct task *t) { return t->state; }
SEC("raw_tp/one_down") int one_down(struct task *t) { return t->down; }
SEC("raw_tp/moved_out") int moved_out(struct task *t) { return t->inner.moved_out; }
SEC("raw_tp/variant") int variant(struct task *t)
{
	if (FIELD_EXISTS(((struct task___new *)t)->renamed_since))
		sink = ((struct task___new *)t)->renamed_since;
	return t->renamed;
}
SEC("raw_tp/type_changed") int type_changed(struct task *t) { return t->pointer->deep; }
SEC("raw_tp/too_short") int too_short(struct task *t) { return t->list[7]; }
SEC("raw_tp/no_array") int no_array(struct task *t) { return t->was_list[1]; }
SEC("raw_tp/size_changed") int size_changed(struct task *t) { return t->sized; }
SEC("raw_tp/absent_value") int absent_value(void *ctx) { return VALUE(enum state, STATE_ZOMBIE); }
SEC("raw_tp/close_value") int close_value(void *ctx) { return VALUE(enum state, STATE_BUSY); }
SEC("raw_tp/unlike") int unlike(void *ctx) { return TYPE_MATCHES(struct shape); }
