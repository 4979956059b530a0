// library.bpf.c - programs for functions of the C library, of which some cannot be attached.

#include <linux/bpf.h>
#include "hit.h"

PROGRAM("uprobe/libc.so.6:getpid", plain)
PROGRAM("uprobe.multi/libc.so.6:*getpid", aliases)
PROGRAM("uprobe.multi/libc.so.6:getp?id", pattern)
PROGRAM("uprobe/libc.so.6:pthread_rwlock_wrlock", versions)
PROGRAM("uprobe/libc.so.6:pthread_rwlock_wrlock@GLIBC_2.2.5", old)
PROGRAM("uprobe/libc.so.6:pthread_rwlock_wrlock@GLIBC_0.1", none)
PROGRAM("uprobe/libc.so.6:strlen", indirect)
PROGRAM("uprobe/libc.so.6:memcpy", one_of_two)
PROGRAM("uretprobe/libc.so.6:getpid+0x4", inside)
PROGRAM("uprobe/libc.so.6:getpid+zz", no_offset)
PROGRAM("uprobe/libc.so.6", no_function)
PROGRAM("uprobe/no_such_library.so:f", no_library)
PROGRAM("uprobe/sh:main", stripped)
PROGRAM("uprobe", no_target)
PROGRAM("raw_tp", no_name)
PROGRAM("raw_tp/no_such_tracepoint", no_raw)
PROGRAM("tp/sched/no_such", no_tracepoint)
PROGRAM("tp/sched", no_category)
PROGRAM("socket", not_auto)
