// The kernel has two types of the name, and they disagree.
#include "core.h"

struct twin { int x; } CORE;

SEC("raw_tp/twin") int twin(struct twin *t) { return BYTE_OFFSET(t->x); }
