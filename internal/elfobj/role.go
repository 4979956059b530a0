package elfobj

import (
	"debug/elf"
	"strings"
)

// A role is what a section is for.
type role uint8

const (
	otherRole     role = iota // nothing that is of interest here, such as a section of DWARF
	codeRole                  // programs or functions
	licenseRole               // for helpers that only some licenses allow
	versionRole               // of the kernel that old kernels want probes to be made for
	legacyRole                // maps without types
	definedRole               // maps with types
	dataRole                  // variables
	rodataRole                // constants
	bssRole                   // variables that start as zero
	percpuRole                // variables that each processor has of its own
	arenaRole                 // variables in an arena
	structOpsRole             // tables of functions
	jumpsRole                 // tables of instructions
	typesRole                 // BTF
	recordsRole               // what .BTF.ext says about code
)

// textSection has the functions that are no programs.
const textSection = ".text"

// plainRoles are the roles of sections by their whole names.
var plainRoles = map[string]role{
	"license":       licenseRole,
	"version":       versionRole,
	"maps":          legacyRole,
	".maps":         definedRole,
	".addr_space.1": arenaRole,
	".struct_ops":   structOpsRole, ".struct_ops.link": structOpsRole,
	"?.struct_ops": structOpsRole, "?.struct_ops.link": structOpsRole,
	".jumptables": jumpsRole,
	".BTF":        typesRole,
	".BTF.ext":    recordsRole,
}

// roleOf tells what a section is for by its name and how the file has it.
func roleOf(s *section) role {
	within := func(name string) bool { return s.name == name || strings.HasPrefix(s.name, name+".") }
	switch {
	case s.size == 0:
		return otherRole
	case s.kind == elf.SHT_NOBITS && within(".bss"):
		return bssRole
	case s.kind != elf.SHT_PROGBITS || s.flags&elf.SHF_COMPRESSED != 0:
		return otherRole
	case s.flags&elf.SHF_EXECINSTR != 0:
		return codeRole
	case within(".data"):
		return dataRole
	case within(".rodata"):
		return rodataRole
	case within(".percpu"):
		return percpuRole
	}
	return plainRoles[s.name]
}
