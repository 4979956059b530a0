// Package object answers "gobpftool object".
package object

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "object".
var Commands = call.Object{
	Name:  "object",
	Short: "ELF objects that are not loaded",
	Verbs: []call.Verb{
		{Name: "show"},

		{Name: call.Help},
		{Name: "relocs", Args: "OBJ [btf BTF]...", Short: "Show what becomes of CO-RE relocations on kernels", Long: relocsLong, Run: relocs},
		{Name: "check"},
		{Name: "requires"},
	},
	Terms:   []call.Term{{Name: "OBJ", Syntax: "FILE"}, {Name: "BTF", Syntax: "FILE"}},
	Options: "B",
}

const relocsLong = `Shows for each program of an object what its instructions need to know of the kernel's types, ` +
	`and what becomes of that on a kernel: the offset of a field, its size, whether it exists. ` +
	`Values and failures are those that libbpf gets when it loads the object. Nothing is loaded, and no rights are needed.

BTF is a file with the types of a kernel: raw BTF, vmlinux or a boot image (vmlinuz), compressed or not. ` +
	`Files of modules follow that of their kernel. There may be several kernels; without any it is the running one with its modules.

A line has the instruction, the kind of the relocation, what it is about, the value that the compiler put and the ` +
	`one that this kernel needs. What follows it is the line of source, where the field is on this kernel, ` +
	`and for a failure why it fails and what may help.

	resolved: the value is the right one
	moved: it is another one on this kernel
	size changed: the field is there, with another size
	does not exist: the program asks, and the answer is no
	fails, but is never reached on this kernel: a condition in front of it is not met there
	FAILS: the kernel refuses the program if it comes there
	AMBIGUOUS: several types of the kernel give different answers, and libbpf refuses the object
	REFUSED: the relocation makes no sense, and libbpf refuses the object

The exit status is 3 if something fails, is ambiguous or refused in a program that is loaded unless something else is ` +
	`said (those in sections that start with "?" are not), and else 0.

	gobpftool object relocs trace.bpf.o
	gobpftool object relocs trace.bpf.o btf /boot/vmlinuz-6.1.0 btf vmlinux-6.12.btf btf nf_tables.ko`
