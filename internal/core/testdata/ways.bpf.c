// Ways to fields by pointers that programs follow, and variants of a type with a field each.
#include "core.h"

static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)113; // bpf_probe_read_kernel

struct inode { long pad; int number; } CORE;
struct file { long pad; struct inode *inode; int mode; } CORE;
struct job { int first; struct file *exe, *core; } CORE;

SEC("raw_tp/reads") int reads(struct job *j)
{
	struct file *exe;
	struct inode *inode;
	int number = 0;

	read_kernel(&exe, sizeof(exe), &j->exe);
	read_kernel(&inode, sizeof(inode), &exe->inode);
	read_kernel(&number, sizeof(number), &inode->number);
	return number;
}

SEC("raw_tp/follows") int follows(struct job *j) { return j->exe->inode->number; }

SEC("raw_tp/joins") int joins(struct job *j)
{
	struct file *file;

	if (j->first)
		file = j->exe;
	else
		file = j->core;
	asm volatile("" : "+r"(file));
	return file->mode;
}

struct lonely___old { int before; } CORE;
struct lonely___new { int since; } CORE;

SEC("raw_tp/lonely") int lonely(void *ctx)
{
	if (FIELD_EXISTS(((struct lonely___new *)ctx)->since))
		return ((struct lonely___new *)ctx)->since;
	return ((struct lonely___old *)ctx)->before;
}
