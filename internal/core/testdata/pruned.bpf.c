// The kernel has two types of the name, but only one of them has what is asked for first.
#include "core.h"

struct twin { int only; int x; } CORE;

SEC("raw_tp/pruned") int pruned(struct twin *t) { return BYTE_OFFSET(t->only) + BYTE_OFFSET(t->x); }
