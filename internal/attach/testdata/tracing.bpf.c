// tracing.bpf.c - programs that attach themselves to functions of the kernel by their types.

#include <linux/bpf.h>
#include "hit.h"

PROGRAM("fentry.multi/do_nanosleep", one)
PROGRAM("fexit.multi/do_nano*eep", many)
PROGRAM("fentry.multi/bpf_fentry_test?", tests)
PROGRAM("fsession.multi/do_nanosleep", session)
