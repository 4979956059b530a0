package bpf

import "unsafe"

// CreateToken makes a token of what a BPF file system delegates. root is a descriptor of the
// directory on which it is mounted. The token belongs to the caller. Since Linux 6.9.
//
// The error is ENOENT if nothing is delegated, EOPNOTSUPP in the initial user
// namespace, EPERM in one that the file system does not belong to or without CAP_BPF in it.
func CreateToken(root int) (FD, error) {
	attr := struct{ flags, root uint32 }{root: uint32(root)}
	fd, err := call(tokenCreate, unsafe.Pointer(&attr), unsafe.Sizeof(attr))
	return FD(fd), err
}

// A Command is one of bpf(2) that asks for rights.
type Command cmd

// The commands that make something, that which finds programs by ID, and that which tells what is attached.
const (
	MapCreate   = Command(mapCreate)
	ProgLoad    = Command(progLoad)
	BTFLoad     = Command(btfLoad)
	LinkCreate  = Command(linkCreate)
	TokenCreate = Command(tokenCreate)
	ProgByID    = Command(progGetFDByID)
	ProgQuery   = Command(progQuery)
)

var commandNames = map[Command]string{
	MapCreate: "map_create", ProgLoad: "prog_load", BTFLoad: "btf_load", LinkCreate: "link_create", TokenCreate: "token_create",
	ProgByID: "prog_get_fd_by_id", ProgQuery: "prog_query",
}

// String returns the name of a command as the mount option delegate_cmds of BPF file systems
// has it.
func (c Command) String() string { return commandNames[c] }

// Reach issues a command with more bytes of arguments than there can be. The kernel refuses that
// with E2BIG, whatever the command, before it reads one of them or asks a security module:
// any other error tells that the kernel was not reached, or, before Linux 6.5, that
// it turned away who has no CAP_BPF first, as kernel.unprivileged_bpf_disabled says.
//
// Source: __sys_bpf in kernel/bpf/syscall.c, and bpf_check_uarg_tail_zero there.
func Reach(c Command) error {
	_, err := call(cmd(c), nil, tooLarge)
	return err
}

// tooLarge is more than a page of any machine, in bytes.
const tooLarge = 1 << 20
