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
		{Name: "relocs", Args: "OBJ [btf BTF]...", Short: "Show what becomes of CO-RE relocations on kernels", Long: relocsLong, Run: relocs},
		{Name: "check", Args: "OBJ... btf KERNELS... [format FORMAT]", Short: "Show which kernels objects fit, by their types", Long: checkLong, Run: check},
		{Name: "requires", Args: requiresArgs, Short: "Show what an object needs of kernels and users", Long: requiresLong, Run: requires},
	},
	Terms: []call.Term{
		{Name: "OBJ", Syntax: "FILE"},
		{Name: "SAVED", Syntax: "FILE"},
		{Name: "BTF", Syntax: "FILE"},
		{Name: "KERNELS", Syntax: "FILE"},
		{Name: "FORMAT", Syntax: "{ text | html }"},
	},
	Options: "B",
}

const showLong = `Shows what an ELF object holds that is not loaded: programs with what their sections say of them, functions that they call, ` +
	`maps, variables, what it wants of the kernel (externs), and how many relocations of each kind there are.

It needs no rights and no kernel with BPF, and the object may be for machines of the other byte order.

	gobpftool object show xdp.bpf.o`

const requiresArgs = "OBJ [{ kernel SAVED | format { systemd | docker | kubernetes } }]"

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

With kernel it is compared with what a kernel can do that was probed before, on any machine: SAVED is what feature probe why writes as JSON, ` +
	`or feature probe. The exit status is 0 if all is there that the object cannot be loaded without, and 3 if not, also where that is denied or unknown.

	gobpftool object requires xdp.bpf.o
	gobpftool object requires xdp.bpf.o kernel host.json
	gobpftool object requires xdp.bpf.o format systemd`

const relocsLong = `Shows for each program of an object what its instructions need to know of the kernel's types, ` +
	`and what becomes of that on a kernel: the offset of a field, its size, whether it exists. ` +
	`Functions that no program calls follow: libbpf may refuse the object for them, too. ` +
	`Values and failures are those that libbpf gets when it loads the object. Nothing is loaded, and no rights are needed.

BTF is a file with the types of a kernel: raw BTF, vmlinux or a boot image (vmlinuz), compressed or not. ` +
	`Files of modules follow that of their kernel. There may be several kernels; without any it is the running one with its modules.

A line has the instruction, the kind of the relocation, what it is about, the value that the compiler put and the ` +
	`one that this kernel needs. What follows it is the line of source, where the field is on this kernel, ` +
	`and for a failure why it fails and what may help.

	resolved: the value is the right one
	moved: it is another one on this kernel
	size changed: the field is there, with another size; in JSON resized
	does not exist: the program asks, and the answer is no; in JSON absent
	fails, but is never reached on this kernel: a condition in front of it is not met there; in JSON guarded
	FAILS: the kernel refuses the program if it comes there; in JSON poisoned
	AMBIGUOUS: several types of the kernel give different answers, and libbpf refuses the object
	REFUSED: the relocation makes no sense, and libbpf refuses the object

The exit status is 3 if something fails, is ambiguous or refused in a program that is loaded unless something else is ` +
	`said (those in sections that start with "?" are not), and else 0.

	gobpftool object relocs trace.bpf.o
	gobpftool object relocs trace.bpf.o btf /boot/vmlinuz-6.1.0 btf vmlinux-6.12.btf btf nf_tables.ko`

const checkLong = `Shows for objects and kernels, none of which is booted, whether the types of the kernels have what the objects ask of them: ` +
	`what relocations (CO-RE) are about, and what libbpf finds by its name: kernel functions and variables (__ksym with a type), ` +
	`what programs attach to by types (fentry, fexit, fmod_ret, tp_btf, lsm, iter), and the structs of struct_ops.

The exit status is 0 if every object fits every kernel, 3 if something required does not fit, ` +
	`and else 4 if something is not known, as what cannot be read. The rest is answered all the same.

A kernel is a file of its types, RELEASE.btf, or its boot image (vmlinuz), either of them compressed or not. ` +
	`KERNELS are such files, directories with them, and tar archives, also compressed ones and those in directories: ` +
	`RELEASE.btf.tar.xz in directories is how BTFHub has them. ` +
	`In directories and archives files are kernels if their names say so: *.btf, vmlinux*, vmlinuz*, bzImage*, Image*. ` +
	`Kernels have the names of their files, and those in directories and archives the names of what they are in before that. ` +
	`If DIR/RELEASE.btf has DIR/modules/RELEASE/NAME.btf beside it, these are the types of its modules; archives have none.

Objects fit if nothing is missing of what the object as a whole needs, or a program that is loaded without being asked for: it is required. ` +
	`A name that the kernel lacks is unknown if its modules are not given, one of which may have it. ` +
	`Programs whose section starts with ? are optional; if something of theirs is missing, there is a star behind yes. ` +
	`Relocations that fail but are guarded, such as by bpf_core_field_exists(), so that the program does not come there on that kernel, do no harm; ` +
	`nor does a weak extern (__weak) that is not there. ` +
	`Below the matrix there is for each object what fails, why, where in the sources, and on which kernels.

Types do not tell all: what the verifier thinks, which helpers there are, where programs may attach (kprobes and tracepoints have no types), ` +
	`or which programs a loader leaves out. These are questions for "object requires" and for the kernel itself.

	gobpftool object check trace.bpf.o btf /boot/vmlinuz-6.1.0 5.10.0.btf.xz
	gobpftool -j object check *.bpf.o btf kernels | jq '.failures[] | select(.class == "required")'

With format html the answer is one page for a browser: a coloured grid, of which a click on a cell shows what fails. ` +
	`It needs nothing else and has no script:

	gobpftool object check *.bpf.o btf btfhub-archive/ubuntu format html > matrix.html`
