// user.bpf.c - programs that attach themselves to target, and to what every kernel has.

#include <linux/bpf.h>
#include "hit.h"

PROGRAM("uprobe/target:lab_one", one)
PROGRAM("uprobe/target:lab_one+0x1", later)
PROGRAM("uretprobe/target:lab_two", two)
PROGRAM("uprobe/target:only_here", hidden)
PROGRAM("tp/syscalls/sys_enter_getppid", tp)
PROGRAM("tracepoint/syscalls/sys_exit_getppid", exits)
PROGRAM("raw_tp/sys_enter", raw_tp)
PROGRAM("raw_tracepoint.w/sys_exit", writable)
PROGRAM("tp_btf/sys_enter", tp_btf)
PROGRAM("iter/task", tasks)
