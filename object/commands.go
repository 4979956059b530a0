// Package object answers "gobpftool object".
package object

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "object".
var Commands = call.Object{
	Name:  "object",
	Short: "ELF objects that are not loaded",
	Verbs: []call.Verb{
		{Name: "show", Args: "OBJ", Short: "Show what an object holds", Long: showLong, Run: show},

		{Name: call.Help},
		{Name: "relocs"},
		{Name: "check"},
		{Name: "requires", Args: requiresArgs, Short: "Show what an object needs of kernels and users", Long: requiresLong, Run: requires},
	},
	Terms: []call.Term{{Name: "OBJ", Syntax: "FILE"}},
}

const showLong = `Shows what an ELF object holds that is not loaded: programs with what their sections say of them, functions that they call, ` +
	`maps, variables, what it wants of the kernel (externs), and how many relocations of each kind there are.

It needs no rights and no kernel with BPF, and the object may be for machines of the other byte order.

	gobpftool object show xdp.bpf.o`

const requiresArgs = "OBJ [format { systemd | docker | kubernetes }]"

const requiresLong = `Shows what an ELF object needs of the kernel that it is loaded into: types of programs, maps and attachments, ` +
	`helpers and kfuncs, instructions, kinds of BTF, settings of the kernel's configuration. ` +
	`Each comes with the version of the mainline kernel that brought it, and the newest of these is the oldest kernel that will do. ` +
	`Vendors bring much of later kernels back to theirs, so their kernels may do, too.

It also shows the smallest set of capabilities that loads the object, and why. ` +
	`A capability that is not needed is answered by no; one that the verifier may ask for, by unknown. ` +
	`With format, the answer is text that grants them: a drop-in for a service of systemd, options of docker, ` +
	`or the security context of a container of Kubernetes.

It needs no rights and no kernel with BPF, and the object may be for machines of the other byte order. ` +
	`Programs that are not loaded by themselves do not count.

	gobpftool object requires xdp.bpf.o
	gobpftool object requires xdp.bpf.o format systemd`
