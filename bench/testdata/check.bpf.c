// What a tracing tool reads of a kernel, in members that all kernels have had for years.
// clang-19 -target bpf -mcpu=v3 -O2 -g -fdebug-prefix-map=$PWD=. -c check.bpf.c -o check.bpf.o && llvm-strip-19 -g check.bpf.o
#define SEC(name) __attribute__((section(name), used))
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct super_block { unsigned long s_blocksize; };
struct inode { unsigned long i_ino; unsigned short i_mode; struct super_block *i_sb; };
struct qstr { const unsigned char *name; };
struct dentry { struct qstr d_name; struct dentry *d_parent; struct inode *d_inode; };
struct path { struct dentry *dentry; };
struct file { struct path f_path; struct inode *f_inode; unsigned f_flags; };
struct mm_struct { unsigned long start_stack, arg_start, arg_end; struct file *exe_file; };
struct nsproxy { void *mnt_ns, *net_ns; };
struct cred { struct { unsigned val; } uid; };
struct task_struct {
	int pid, tgid, prio;
	unsigned flags;
	char comm[16];
	struct task_struct *real_parent, *group_leader;
	struct mm_struct *mm;
	struct nsproxy *nsproxy;
	const struct cred *cred;
	unsigned long long utime, stime, start_time;
};
struct net_device { char name[16]; int ifindex; unsigned mtu; };
struct sk_buff { unsigned len, data_len; struct net_device *dev; unsigned char *head, *data; };
struct sock_common { unsigned skc_daddr, skc_rcv_saddr; unsigned short skc_family; };
struct sock { struct sock_common __sk_common; int sk_rcvbuf, sk_sndbuf; };

#pragma clang attribute pop

char _license[] SEC("license") = "GPL";

#define task_program(number) \
	SEC("raw_tp/sched_switch") long task##number(struct task_struct *t) \
	{ \
		return t->pid + t->tgid + t->prio + t->flags + t->comm[number] + t->utime + t->stime + t->start_time + t->real_parent->pid + \
		       t->group_leader->tgid + t->mm->start_stack + t->mm->arg_end - t->mm->arg_start + (long)t->nsproxy->mnt_ns + \
		       (long)t->nsproxy->net_ns + t->cred->uid.val + t->mm->exe_file->f_inode->i_ino; \
	}
#define file_program(number) \
	SEC("raw_tp/sys_enter") long file##number(struct file *f) \
	{ \
		return f->f_flags + f->f_inode->i_mode + f->f_inode->i_sb->s_blocksize + (long)f->f_path.dentry->d_name.name + \
		       (long)f->f_path.dentry->d_parent->d_inode->i_ino; \
	}
#define packet_program(number) \
	SEC("raw_tp/netif_rx") long packet##number(struct sk_buff *s) \
	{ \
		return s->len + s->data_len + s->dev->ifindex + s->dev->mtu + s->dev->name[number] + (s->data - s->head); \
	} \
	SEC("raw_tp/tcp_probe") long socket##number(struct sock *s) \
	{ \
		return s->sk_rcvbuf + s->sk_sndbuf + s->__sk_common.skc_daddr + s->__sk_common.skc_rcv_saddr + s->__sk_common.skc_family; \
	}
#define programs(number) task_program(number) file_program(number) packet_program(number)

programs(0) programs(1) programs(2) programs(3) programs(4)
