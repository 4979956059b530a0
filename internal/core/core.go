// Package core evaluates CO-RE relocations: what the instructions of an object need to know
// of the types of the kernel that they are to run on, and what becomes of them on a
// certain kernel. It also finds there what objects ask for by name: functions, variables,
// what programs attach to.
//
// Values and failures are those of libbpf 1.8. What it adds is the reason: why a
// relocation fails, and what may help.
package core

import (
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

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
	Resized                  // the field is there, and has another size, to which the access was adapted, or which was asked for
	Absent                   // the question whether something exists is answered: no
	Guarded                  // it fails where the program never comes to on this kernel
	Poisoned                 // it fails, and the instruction with it
	Ambiguous                // several types of the kernel give different answers
	Refused                  // it cannot be done at all: libbpf refuses the whole object, as it does if one is ambiguous
)

var outcomes = [...]string{"resolved", "moved", "resized", "absent", "guarded", "poisoned", "ambiguous", "refused"}

// String returns the word for an outcome.
func (o Outcome) String() string { return outcomes[o] }

// Fails reports whether a program cannot be loaded because of it.
func (o Outcome) Fails() bool { return o >= Poisoned }

// IsFatal reports whether libbpf refuses the whole object because of it, whether the program
// ever comes to the instruction or not.
func (o Outcome) IsFatal() bool { return o >= Ambiguous }

// A Result is one relocation, and what became of it.
type Result struct {
	Func    *elfobj.Func // the function that the instruction is of
	Insn    int          // number in it
	Slot    int          // number of the instruction in the program as it is loaded
	Line    *elfobj.Line // of source, or nil
	Kind    names.Relocation
	Local   btf.ID // the type in the object
	Access  string // as the object has it
	Path    string // the access as it is spelled in C, such as task_struct.mm->exe_file
	Field   string // what of Path is the relocation's own, such as mm_struct.exe_file
	Outcome Outcome
	Old     uint64 // what the compiler put
	New     uint64 // what stands in its place; meaningless where it fails

	// The sizes in bytes of the field, or of an element of an array, in the object and on
	// the kernel: 0 unless its offset is asked for, and where there is none.
	OldSize, NewSize uint32
	Adapted          bool // the instruction loads or stores NewSize bytes now

	Target    string // type and field that were found, as they are spelled in C; "" if none
	TargetID  btf.ID
	Module    string  // where the type was found; "" for the kernel itself
	BitOffset uint32  // of the field in the target type
	Reason    *Reason // why it fails, or why something does not exist; nil if it has what it asks for

	before *Result // of the same function: the field whose pointer leads to this one
	way    string  // Path without the name of the type
	whole  string  // Path with the fields in front, or ""

	finding *finding
	refusal error // why it makes no sense
}

// A Reason says why a relocation fails, and what may help.
type Reason struct {
	Cause string // a sentence
	Help  string // a sentence, or ""
}
