package arm64

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// hint spells the hints that have a name.
func hint(w machine.Word) string {
	if w&^(127<<5) != 0xd503201f {
		return ""
	}
	switch w >> 5 & 127 {
	case 7:
		return "xpaclri"
	case 8:
		return "pacia1716"
	case 10:
		return "pacib1716"
	case 12:
		return "autia1716"
	case 14:
		return "autib1716"
	case 16:
		return "esb"
	case 17:
		return "psb\tcsync"
	case 18:
		return "tsb\tcsync"
	case 20:
		return "csdb"
	case 22:
		return "clrbhb"
	case 24:
		return "paciaz"
	case 25:
		return "paciasp"
	case 26:
		return "pacibz"
	case 27:
		return "pacibsp"
	case 28:
		return "autiaz"
	case 29:
		return "autiasp"
	case 30:
		return "autibz"
	case 31:
		return "autibsp"
	case 32:
		return "bti"
	case 34:
		return "bti\tc"
	case 36:
		return "bti\tj"
	case 38:
		return "bti\tjc"
	}
	return ""
}

// system spells moves between a general and a system register, if that has a
// name here, and the barrier of speculation.
func system(w machine.Word) string {
	switch {
	case w == 0xd50330ff:
		return "sb"
	case w>>16 == 0:
		return fmt.Sprintf("udf\t#%d", w)
	}
	name := systemRegister(w >> 5 & 0x7fff)
	if w>>22 != 0b1101010100 || w>>20&1 == 0 || name == "" {
		return ""
	}
	if w>>21&1 != 0 {
		return machine.Text("mrs", ", ", register(w, 0, true, false), name)
	}
	return machine.Text("msr", ", ", name, register(w, 0, true, false))
}

// systemRegister names the register with that op0 (less two), op1, CRn, CRm
// and op2, from the first bit on, or returns "".
func systemRegister(encoding machine.Word) string {
	op0, op1, crn, crm, op2 := encoding>>14+2, encoding>>11&7, encoding>>7&15, encoding>>3&15, encoding&7
	switch [5]machine.Word{op0, op1, crn, crm, op2} {
	case [5]machine.Word{3, 0, 0, 0, 0}:
		return "midr_el1"
	case [5]machine.Word{3, 0, 0, 0, 5}:
		return "mpidr_el1"
	case [5]machine.Word{3, 0, 1, 0, 0}:
		return "sctlr_el1"
	case [5]machine.Word{3, 0, 2, 0, 0}:
		return "ttbr0_el1"
	case [5]machine.Word{3, 0, 2, 0, 1}:
		return "ttbr1_el1"
	case [5]machine.Word{3, 0, 4, 0, 0}:
		return "spsr_el1"
	case [5]machine.Word{3, 0, 4, 0, 1}:
		return "elr_el1"
	case [5]machine.Word{3, 0, 4, 1, 0}:
		return "sp_el0"
	case [5]machine.Word{3, 0, 4, 2, 0}:
		return "spsel"
	case [5]machine.Word{3, 0, 4, 2, 2}:
		return "currentel"
	case [5]machine.Word{3, 0, 5, 2, 0}:
		return "esr_el1"
	case [5]machine.Word{3, 0, 6, 0, 0}:
		return "far_el1"
	case [5]machine.Word{3, 0, 13, 0, 4}:
		return "tpidr_el1"
	case [5]machine.Word{3, 3, 0, 0, 1}:
		return "ctr_el0"
	case [5]machine.Word{3, 3, 0, 0, 7}:
		return "dczid_el0"
	case [5]machine.Word{3, 3, 2, 4, 0}:
		return "rndr"
	case [5]machine.Word{3, 3, 4, 2, 0}:
		return "nzcv"
	case [5]machine.Word{3, 3, 4, 2, 1}:
		return "daif"
	case [5]machine.Word{3, 3, 4, 4, 0}:
		return "fpcr"
	case [5]machine.Word{3, 3, 4, 4, 1}:
		return "fpsr"
	case [5]machine.Word{3, 3, 13, 0, 2}:
		return "tpidr_el0"
	case [5]machine.Word{3, 3, 13, 0, 3}:
		return "tpidrro_el0"
	case [5]machine.Word{3, 3, 14, 0, 0}:
		return "cntfrq_el0"
	case [5]machine.Word{3, 3, 14, 0, 1}:
		return "cntpct_el0"
	case [5]machine.Word{3, 3, 14, 0, 2}:
		return "cntvct_el0"
	case [5]machine.Word{3, 3, 14, 0, 6}:
		return "cntvctss_el0"
	case [5]machine.Word{3, 4, 13, 0, 2}:
		return "tpidr_el2"
	}
	return ""
}

// pointer spells what signs a pointer, checks and removes the signature.
func pointer(w machine.Word) string {
	if w&0xffe0fc00 == 0x9ac03000 {
		return machine.Text("pacga", ", ", register(w, 0, true, false), register(w, 5, true, false), register(w, 16, true, true))
	}
	op := w >> 10 & 63
	if w>>16 != 0xdac1 || op > 17 {
		return ""
	}
	into := register(w, 0, true, false)
	if op >= 16 {
		return machine.Text([...]string{"xpaci", "xpacd"}[op-16], ", ", into)
	}
	name := [...]string{"pacia", "pacib", "pacda", "pacdb", "autia", "autib", "autda", "autdb"}[op&7]
	if op < 8 {
		return machine.Text(name, ", ", into, register(w, 5, true, true))
	}
	return machine.Text(name[:3]+name[3:4]+"z"+name[4:], ", ", into)
}

// signedBranch spells branches through a register that check the signature of
// its address.
func signedBranch(w machine.Word) string {
	key := [...]string{"a", "b"}[w>>10&1]
	switch w &^ (1 << 10) {
	case 0xd65f0bff:
		return "reta" + key
	case 0xd69f0bff:
		return "ereta" + key
	}
	if w&0xfedff800 != 0xd61f0800 {
		return ""
	}
	name := [...]string{"br", "blr"}[w>>21&1] + "a" + key
	from := register(w, 5, true, false)
	switch {
	case w>>24&1 != 0:
		return machine.Text(name, ", ", from, register(w, 0, true, true))
	case w&31 == 31:
		return machine.Text(name+"z", ", ", from)
	}
	return ""
}

// flag spells what changes nothing but the condition flags.
func flag(w machine.Word) string {
	switch {
	case w&^(15<<8) == 0xd500401f:
		return "cfinv"
	case w&^(15<<8) == 0xd500403f:
		return "xaflag"
	case w&^(15<<8) == 0xd500405f:
		return "axflag"
	case w&0xffe07c10 == 0xba000400:
		return machine.Text("rmif", ", ", register(w, 5, true, false), fmt.Sprintf("#%d", w>>15&63), fmt.Sprintf("#%d", w&15))
	case w&0xfffffc1f == 0x3a00080d:
		return machine.Text("setf8", ", ", register(w, 5, false, false))
	case w&0xfffffc1f == 0x3a00480d:
		return machine.Text("setf16", ", ", register(w, 5, false, false))
	}
	return ""
}
