// Package core evaluates CO-RE relocations: what the instructions of an object need to know
// of the types of the kernel that they are to run on, and what becomes of them on a
// certain kernel.
//
// Values and failures are those of libbpf 1.8. What it adds is the reason: why a
// relocation fails, and what may help.
package core

import (
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Target is the types of a kernel, and those of its modules, prepared for looking up
// names in them. It may be used by several at a time.
type Target struct{}

// NewTarget returns the types of a kernel and of modules whose base it is. names are those
// of the modules.
func NewTarget(kernel *btf.Spec, modules []Module) *Target { return &Target{} }

// A Module is the types of a module of the kernel.
type Module struct {
	Name string
	Spec *btf.Spec // split, with the kernel's as its base
}

// An Outcome is what becomes of a relocation.
type Outcome uint8

// The outcomes.
const (
	Resolved  Outcome = iota // the value is the one that the compiler put
	Moved                    // the value is another one
	Resized                  // the field is there, and has another size, to which the access was adapted
	Absent                   // the question whether something exists is answered: no
	Guarded                  // it fails where the program never comes to on this kernel
	Poisoned                 // it fails, and the instruction with it
	Ambiguous                // several types of the kernel give different answers
)

// A Result is one relocation, and what became of it.
type Result struct {
	Func    *elfobj.Func // the function that the instruction is of
	Insn    int          // number in it
	Line    *elfobj.Line // of source, or nil
	Kind    names.Relocation
	Local   btf.ID // the type in the object
	Access  string // as the object has it
	Path    string // the access as it is spelled in C, such as task_struct.mm->exe_file
	Outcome Outcome
	Old     uint64 // what the compiler put
	New     uint64 // what stands in its place; meaningless where it fails

	Target    string // type and field that were found, as they are spelled in C; "" if none
	TargetID  btf.ID
	Module    string  // where the type was found; "" for the kernel itself
	BitOffset uint32  // of the field in the target type
	Reason    *Reason // why it fails, or nil
}

// A Reason says why a relocation fails, and what may help.
type Reason struct {
	Cause string // a sentence
	Help  string // a sentence, or ""
}

// Evaluate returns the relocations of a program of an object, those of the functions that it
// calls included, in the order of its instructions as [elfobj.Object.Link] puts them.
func Evaluate(object *elfobj.Object, program *elfobj.Func, target *Target) []Result { return nil }
