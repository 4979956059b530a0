package probe

import (
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Feature is something that programs may be or have.
type Feature struct {
	Name   string           // as what objects need is called
	Prog   names.ProgType   // of the program that it was tried with, 0 if it was a map of functions
	Attach names.AttachType // of the program, or 0
	Outcome
}

// programFlags returns the flags of programs that are asked about: parts of packets, and to sleep, by the sections
// that say so.
func programFlags() []Feature {
	list := []Feature{{Name: fragsName, Prog: progType("xdp")}}
	for name := range names.SectionNames {
		if s, _ := names.ParseSection(name); s.Sleepable {
			list = append(list, Feature{Name: sleepsPrefix + s.Name, Prog: s.Type, Attach: s.Attach})
		}
	}
	return list
}

const (
	fragsName    = "xdp_has_frags"
	sleepsPrefix = "sleepable "
)

// programFlag finds out whether the kernel loads programs with a flag.
func (q *question) programFlag(name string, log []byte) Outcome {
	const hasFrags = 1 << 5 // BPF_F_XDP_HAS_FRAGS
	if name == fragsName {
		return verified(&bpf.ProgSpec{Type: uint32(progType("xdp")), License: "GPL", Insns: code(ret0...), Flags: hasFrags, LogLevel: 1}, log)
	}
	section, _ := names.ParseSection(strings.TrimPrefix(name, sleepsPrefix))
	switch section.Type.String() {
	case "tracing", "lsm":
		return q.section(section.Name).Outcome
	case "struct_ops":
		return q.sleepingStruct()
	}
	a := names.AttachType(0)
	if section.Attaches && !section.Optional {
		a = section.Attach // which kernels may not look at
		if o := q.attachType(&Attach{Type: a, Prog: section.Type}); !o.Able {
			return o
		}
	}
	spec := bpf.ProgSpec{Type: uint32(section.Type), AttachType: uint32(a), License: "GPL", Insns: code(ret0...), Flags: sleepable, LogLevel: 1}
	return verified(&spec, log)
}

// sleepingStruct tells whether any of the functions of structs may sleep.
func (q *question) sleepingStruct() (o Outcome) {
	o.Err = ErrUntold
	for i := range q.slots {
		if s := &q.slots[i]; s.typ.String() == "struct_ops" && s.sleeps() {
			if o = s.Outcome; o.Able {
				return o
			}
		}
	}
	return o
}

// targets returns what has a name and can be asked about: iterators and structs of functions.
func (k *kernelTypes) targets() (list []Feature) {
	for _, name := range k.iters {
		list = append(list, Feature{Name: "iter/" + name, Prog: progType("tracing"), Attach: names.AttachType(attachNumber(iterAttach))})
	}
	for _, t := range k.ops {
		list = append(list, Feature{Name: t.name})
	}
	slices.SortFunc(list, func(a, b Feature) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// target finds out whether programs can be for an iterator, or for a struct of functions.
func (q *question) target(name string, log []byte) Outcome {
	if iter, ok := strings.CutPrefix(name, "iter/"); ok {
		s := newSlot(progType("tracing"), "", iterAttach, 0, q.kernel.named(iterPrefix+iter)...)
		s.try(log)
		return s.Outcome
	}
	for _, t := range q.kernel.ops {
		if t.name == name {
			return made(t.mapSpec())
		}
	}
	return Outcome{Err: ErrUntold}
}

// token finds out whether the kernel makes tokens: of what is no directory.
func token() Outcome {
	fd, err := bpf.CreateToken(-1)
	if err == nil { // which cannot be
		fd.Close()
	}
	return told(err, unix.EBADF)
}
