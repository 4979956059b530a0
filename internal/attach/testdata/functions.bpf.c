// functions.bpf.c - programs that attach themselves to many functions of the kernel.

#include <linux/bpf.h>
#include "hit.h"

PROGRAM("kprobe.multi/do_nanosleep", single)
PROGRAM("kprobe.multi/do_nano*eep", many)
PROGRAM("kretprobe.multi/do_nanoslee?", ends)
PROGRAM("kprobe.session/do_nanosleep", session)
