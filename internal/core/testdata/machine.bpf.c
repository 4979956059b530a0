// An object that was made for x86-64.
#include "core.h"

struct pt_regs { unsigned long r15, r14, di, ip, sp; } CORE;

SEC("kprobe/machine") int machine(struct pt_regs *regs) { return regs->di; }
