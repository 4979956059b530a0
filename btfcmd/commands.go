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
		{Name: "dump", Args: "[BTF_SRC] [format FORMAT] [root_id ROOT_ID]... [unsorted] [type NAME]... [func NAME]... [uapi DIR]...", Short: "Show the types of a BTF object", Long: dumpLong, Run: dump},
	},
	Terms: []call.Term{
		{Name: "BTF_SRC", Syntax: "{ id BTF_ID | prog PROG | map MAP [{ key | value | kv | all }] | file FILE [file FILE]... }"},
		{Name: "FORMAT", Syntax: "{ raw | c }"},
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
	`A module needs the types of its kernel, which -B names; those of the running one are taken for what is below /sys/kernel/btf.

In format raw there is a line for each type, by its number, with what the file has. ` +
	`With root_id only the types with these numbers are shown. ` +
	`With type and func those with these names, which may be patterns such as 'tcp_*', and all that they need.

In format c they are a C header: declarations of all types, in an order in which they compile, and of the kernel ` +
	`functions that programs may call. They are sorted so that those of two kernels can be compared; ` +
	`unsorted leaves them in order of their numbers. ` +
	`With root_id, type and func there are only these and what they need. JSON has no place for a header.

With uapi programs may include <linux/ip.h> and other headers of the kernel's user space interface beside the declarations, ` +
	`before or after them: what these define is left out. DIR is where the headers are, such as /usr/include; ` +
	`if those of the machine, <asm/*.h>, are elsewhere, that directory is to be named too, as for the compiler. ` +
	`The declarations include the headers whose types they need complete. ` +
	`Where the kernel and a header have different types of one name, or only some programs get the header's, ` +
	`it keeps the name, and the kernel's has a number behind it: struct sigaction___2. ` +
	`The exception is struct pt_regs of <asm/ptrace.h>, which stays the kernel's unless that header comes first. ` +
	`Headers that need the C library can come only after the declarations, if at all.`
