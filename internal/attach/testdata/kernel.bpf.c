// kernel.bpf.c - programs that attach themselves to functions of the kernel.

#include <linux/bpf.h>
#include "hit.h"

PROGRAM("kprobe/do_nanosleep", kprobe)
PROGRAM("kprobe/do_nanosleep+0x0", start)
PROGRAM("kretprobe/do_nanosleep", kretprobe)
PROGRAM("ksyscall/nanosleep", ksyscall)
PROGRAM("kretsyscall/nanosleep", kretsyscall)
PROGRAM("fentry/do_nanosleep", fentry)
PROGRAM("fexit/do_nanosleep", fexit)
PROGRAM("fmod_ret/security_task_getpgid", fmod_ret)
PROGRAM("lsm/task_getpgid", lsm)
