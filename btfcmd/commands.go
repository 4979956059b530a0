// Package btfcmd answers "gobpftool btf".
package btfcmd

import (
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// Commands is the object "btf".
var Commands = call.Object{
	Name:  "btf",
	Short: "BTF, the descriptions of types that programs, maps and the kernel carry",
	Verbs: []call.Verb{
		{Name: "show", Args: "[id BTF_ID]", Short: "Show BTF objects", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "dump", Args: "[BTF_SRC] [format FORMAT] [package NAME] [root_id ROOT_ID]... [unsorted] [type NAME]... [func NAME]... [uapi DIR]...", Short: "Show the types of a BTF object", Long: dumpLong, Run: dump},
		{Name: "layout", Args: "TYPE... [from BTF_SRC]", Short: "Show where structs and unions have their members", Long: layoutLong, Run: layout},
		{Name: "diff", Args: "FILE FILE [type NAME]... [func NAME]...", Short: "Show what changed between the types of two files", Long: diffLong, Run: diff},
	},
	Terms: []call.Term{
		{Name: "BTF_SRC", Syntax: "{ id BTF_ID | prog PROG | map MAP [{ key | value | kv | all }] | file FILE [file FILE]... }"},
		{Name: "TYPE", Syntax: "[{ struct | union }] NAME"},
		{Name: "FORMAT", Syntax: "{ raw | c | json | go }"},
		pick.ProgTerm,
		pick.MapTerm,
	},
	Options: "B",
}

const showLong = `Shows all BTF objects, or the one with the given ID: their size, the programs and maps that use them, ` +
	`and the processes that hold a descriptor of them under "pids". ` +
	`Those of the kernel and its modules have their names in brackets.`

const dumpLong = `Shows the types of a BTF object, of a program, of the keys and values of a map, of a file, ` +
	`or without a source those of the running kernel. A file is raw BTF, an ELF object with a section .BTF, ` +
	`such as a module, either of them compressed or not, or the boot image of a kernel (vmlinuz). ` +
	`A module needs the types of its kernel, which -B names; those of the running one are taken for what is below /sys/kernel/btf. ` +
	`Several modules of a kernel are dumped as one set of types: what they have in common is there once.

In format raw there is a line for each type, by its number, with what the file has. ` +
	`With root_id only the types with these numbers are shown. ` +
	`With type and func those with these names, which may be patterns such as 'tcp_*', and all that they need.

In format c they are a C header: declarations of all types, in an order in which they compile, and of the kernel ` +
	`functions that programs may call. They are sorted so that those of two kernels can be compared; ` +
	`unsorted leaves them in order of their numbers. ` +
	`With root_id, type and func there are only these and what they need. JSON has no place for a header. ` +
	`Kernels from 6.19 on have structs with members for which only the name of another struct stands: compilers need -fms-extensions for them.

With uapi programs may include <linux/ip.h> and other headers of the kernel's user space interface beside the declarations, ` +
	`before or after them: what these define is left out. DIR is where the headers are, such as /usr/include; ` +
	`if those of the machine, <asm/*.h>, are elsewhere, that directory is to be named too, as for the compiler. ` +
	`The declarations include the headers whose types they need complete. ` +
	`Where the kernel and a header have different types of one name, or only some programs get the header's, ` +
	`it keeps the name, and the kernel's has a number behind it: struct sigaction___2. ` +
	`The exception is struct pt_regs of <asm/ptrace.h>, which stays the kernel's unless that header comes first. ` +
	`Headers that need the C library can come only after the declarations, if at all.

In format json they are an object of JSON for programs, with or without -j: types as in format raw, ` +
	`but with all that follows from what the file has, such as the types of members as C spells them, their offsets in bytes, ` +
	`and the tags of types and members.

In format go they are a Go package, vmlinux unless package names it, in the same order. ` +
	`Each type has the size that it has in C, and each field its offset, on machines of 64 bits. ` +
	`Names begin with capitals and have none of the underscores (task_struct is TaskStruct); enumerators keep theirs. ` +
	`Typedefs are aliases, a char is a byte, and pointers are numbers. Unions, bitfields, and members that are not aligned ` +
	`are bytes, or larger numbers, with what C has there in a comment. ` +
	`With root_id and type there are only these and what they are made of. With func there are the prototypes, as comments.`

const layoutLong = `Shows structs and unions as they lie in memory: at each member its offset and its size in bytes, ` +
	`the holes between members, where cache lines of 64 bytes begin, and at the end what is used and what is not. ` +
	`The names may be patterns such as 'tcp_*', or typedefs. Members of types without a name are shown in their place.

A bitfield is at an offset in the storage of its type: 144: 3 is the fourth bit of what begins at byte 144.

Types are those of the running kernel, or of a BTF object, a program, a map or a file as for dump:

	gobpftool btf layout sk_buff 'tcp_*_state'
	gobpftool btf layout struct task_struct from file vmlinuz`

const diffLong = `Shows what changed from the types of one file to those of another: kernels, modules or objects, as "btf dump" reads them. ` +
	`-B names the base of both if they are modules; it is not compared, nor are tags and the order of bytes. ` +
	`The exit status is 3 if something changed, and 0 if nothing did, of which nothing is said.

Types go together by their names: structs and unions, enumerations, typedefs, numbers, functions, variables and sections. ` +
	`What they are made of is compared down to the next name: a struct that points to one that changed did not change. ` +
	`What has no name is compared where it is used, and shown as in u.ip4, list[].next or ops->open. ` +
	`Enumerations that are used nowhere count as one, (anon).

Each type has a line, and its parts have indented ones. They begin with + for what was added, - for what was removed, ` +
	`and ~ for what changed. Offsets and sizes are in bytes, 8:3 is bit 3 of byte 8. ` +
	`Fields that only moved are counted. The last line sums up. ` +
	`JSON has an array for each: structs, enums, typedefs, numbers, functions, variables and sections; it has all fields that moved, by their offsets in bits.

With type and func only those with these names are compared, which may be patterns such as 'tcp_*'. ` +
	`A name that neither file has is an error.

	btf diff /boot/vmlinuz-6.1.0 /sys/kernel/btf/vmlinux type 'sk_buff' func 'tcp_*'`
