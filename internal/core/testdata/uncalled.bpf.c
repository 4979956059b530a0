// Functions that no program calls: libbpf does their relocations, too.
#include "core.h"

struct twin { int x; } CORE;
struct nowhere { int x; } CORE;

SEC("raw_tp/alone") int alone(void *ctx) { return 0; }

__noinline int ambiguous(struct twin *t) { return BYTE_OFFSET(t->x); }
__noinline int calls(struct twin *t) { return ambiguous(t); }
__noinline int absent(struct nowhere *n) { return n->x; }
