// multi.bpf.c - programs that attach themselves to many places of target.

#include <linux/bpf.h>
#include "hit.h"

PROGRAM("uprobe.multi/target:lab_*", many)
PROGRAM("uretprobe.multi/target:lab_?ne", ends)
PROGRAM("uprobe.multi.s/target:*_here", asleep)
PROGRAM("uprobe.s/target:lab_alias", alone)
PROGRAM("uprobe.session/target:lab_weak", session)
