// A field that on the kernel is farther than a load can say.
#include "core.h"

struct far { u32 before; u32 field; } CORE;

SEC("raw_tp/far") int far(struct far *f) { return f->field; }
