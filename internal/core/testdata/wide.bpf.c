// A bitfield that on the kernel lies across more than a load can get.
#include "core.h"

struct wide { u64 low : 4, bits : 20; } CORE;

SEC("raw_tp/wide") int wide(struct wide *w) { return BYTE_OFFSET(w->bits); }
