package survey

import (
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// Kind says what something that is asked about is: where [needs.Kind] has it, in the same words.
type Kind string

// The kinds that [needs.Kind] does not have.
const (
	SystemCall Kind = "system call"
	Types      Kind = "kernel BTF" // [KernelTypes]
	Capability Kind = "capability" // that whoever asks has
	Limit      Kind = "limit"      // in the words of the C tool
	LinkType   Kind = "link type"
	Batch      Kind = "batch operation"
	Security   Kind = "security" // a name says what holds if the answer is yes
	Option     Kind = "option"   // of the kernel's configuration: no rows, see [Survey.Option]
)

// The kinds that [needs.Kind] has as well.
var (
	ProgType    = Kind(needs.ProgType.String())
	AttachType  = Kind(needs.AttachType.String())
	ProgFlag    = Kind(needs.ProgFlag.String())
	Target      = Kind(needs.Target.String())
	Helper      = Kind(needs.Helper.String())
	Kfunc       = Kind(needs.Kfunc.String())
	MapType     = Kind(needs.MapType.String())
	MapFlag     = Kind(needs.MapFlag.String())
	Code        = Kind(needs.Code.String())
	Instruction = Kind(needs.Instruction.String())
	BTFKind     = Kind(needs.BTFKind.String())
)

// KernelTypes is the name of the kernel's own types.
const KernelTypes = "vmlinux"

// Kinds returns all kinds, in the order in which surveys have them.
func Kinds() []Kind {
	return []Kind{
		SystemCall, Types, Capability, Option, Security, ProgType, AttachType, ProgFlag, Target, LinkType, MapType, MapFlag, Batch,
		BTFKind, Limit, Code, Instruction, Helper, Kfunc,
	}
}

// plural returns the words for several of a kind.
func (k Kind) plural() string {
	switch k {
	case Code, Security, Types:
		return string(k)
	case Capability:
		return "capabilities"
	}
	return string(k) + "s"
}

// IsPerType reports whether there is a row for each type of programs or maps.
func (k Kind) IsPerType() bool { return k == Helper || k == Kfunc || k == Batch }

// many reports whether there are so many rows that names are enough, where nothing has to be explained.
func (k Kind) many() bool { return k.IsPerType() }

// Since returns the kernel of the mainline that brought something, or zero if that is not known.
func (k Kind) Since(name string) names.Version {
	switch k {
	case ProgType:
		return names.ProgType(uint32(slices.Index(names.ProgTypes(), name))).Since()
	case AttachType:
		return names.AttachType(uint32(slices.Index(names.AttachTypes(), name))).Since()
	case MapType:
		t, _ := names.ParseMapType(name)
		return t.Since()
	case Helper:
		return names.HelperSince(int32(slices.Index(names.Helpers(), name)))
	case Kfunc:
		return names.KfuncSince(name)
	case Target:
		if iter, ok := strings.CutPrefix(name, "iter/"); ok {
			return names.IterSince(iter)
		}
		return names.StructOpsSince(name)
	case MapFlag:
		for _, f := range names.MapFlags(1<<32 - 1) {
			if f.Name == name {
				return f.In
			}
		}
	case BTFKind:
		for n := uint8(0); ; n++ {
			switch word, in := names.BTFKind(n); word {
			case "":
				return names.Version{}
			case name:
				return in
			}
		}
	}
	return names.Version{}
}
