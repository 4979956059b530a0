// The kernel has two types of the name, and both have the field, at different places. Whether it exists is in doubt, too.
#include "core.h"

struct twin { int x; } CORE;

SEC("raw_tp/exists") int exists(struct twin *t) { return FIELD_EXISTS(t->x); }
