// Package needs tells what an object needs of the kernel that it is loaded into, and of whoever
// loads it.
//
// It looks at what is loaded unless something else is said: programs that are, the functions
// that they call, all maps. It does not know which of that a kernel never comes to,
// because an object asks first what there is.
package needs

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Needs are what an object needs.
type Needs struct {
	List    []Need // by kind, and in each by version
	Externs []Extern
	Rights  []Right // by number

	// Types tells whether the kernel must have types of its own: CONFIG_DEBUG_INFO_BTF.
	Types verdict.Verdict

	// Nobody tells whether a user without any capability can load it where
	// kernel.unprivileged_bpf_disabled is 0.
	Nobody verdict.Verdict
}

// Kind says what something that is needed is.
type Kind uint8

// The kinds.
const (
	ProgType Kind = iota
	AttachType
	ProgFlag
	Target // an iterator, or a struct of functions
	Helper
	Kfunc
	MapType
	MapFlag
	Code        // of programs: functions, loops
	Instruction // beyond those of the first instruction set
	BTFKind
)

var kinds = [...]string{
	"program type", "attach type", "program flag", "target", "helper", "kfunc", "map type", "map flag", "code", "instruction", "BTF kind",
}

// String returns the words for a kind.
func (k Kind) String() string { return kinds[k] }

// Plural returns the words for several of a kind.
func (k Kind) Plural() string {
	if k == Code {
		return k.String()
	}
	return k.String() + "s"
}

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kinds[:], string(text))
	if i < 0 {
		return fmt.Errorf("kind %q: none of %q", text, kinds)
	}
	*k = Kind(i)
	return nil
}

// A Need is something that not every kernel has.
type Need struct {
	Kind  Kind          `json:"kind"`
	Name  string        `json:"name"`
	Since names.Version `json:"since"` // the kernel of the mainline that brought it, or zero

	// Optional says that the object can be loaded without it, and Note how.
	Optional bool     `json:"optional"`
	Note     string   `json:"note,omitempty"`
	Where    []string `json:"needed_by,omitempty"` // functions or maps; empty for the whole object

	// Types are those of the programs that come to a helper or kfunc, in order: it is for them that it
	// must be there.
	Types []names.ProgType `json:"program_types,omitempty"`

	level int // of an instruction
}

// An Extern is something whose presence depends on how the kernel was configured.
type Extern struct {
	Kind string `json:"kind"` // "kconfig" or "ksym"
	Name string `json:"name"`
	Weak bool   `json:"weak"` // the object can be loaded without it
}

// Of returns what an object needs.
func Of(o *elfobj.Object) *Needs {
	s := &scan{object: o, found: make(map[key]*Need), callers: make(map[*elfobj.Func][]names.ProgType)}
	s.programs()
	s.maps()
	s.kinds()
	n := &Needs{Externs: externs(o), Types: s.types(), Rights: s.rights()}
	for _, need := range s.found {
		n.List = append(n.List, *need)
	}
	slices.SortFunc(n.List, func(a, b Need) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Since.Compare(b.Since), cmp.Compare(a.Name, b.Name))
	})
	n.Nobody = s.nobody(n.List)
	return n
}

// Kernel returns the oldest kernel of the mainline that has all that an object cannot be loaded
// without, and what of that it brought: zero and nothing if no kernel with BPF lacks any. unsure is
// what cannot be told of.
func (n *Needs) Kernel() (oldest names.Version, because, unsure []Need) {
	for _, need := range n.List {
		switch c := need.Since.Compare(oldest); {
		case need.Optional:
		case need.Since.IsZero():
			unsure = append(unsure, need)
		case c > 0:
			oldest, because = need.Since, []Need{need}
		case c == 0:
			because = append(because, need)
		}
	}
	return oldest, because, unsure
}

// Level returns the version of the instruction set that the object needs, as the option
// -mcpu of compilers counts: 1 to 4. What is newer than that is a row of its own.
func (n *Needs) Level() int {
	level := 1
	for _, need := range n.List {
		level = max(level, need.level)
	}
	return level
}

func externs(o *elfobj.Object) []Extern {
	list := []Extern{}
	for _, e := range o.Externs {
		switch e.Kind {
		case elfobj.Setting:
			list = append(list, Extern{"kconfig", e.Name, e.Weak})
		case elfobj.Ksym:
			list = append(list, Extern{"ksym", e.Name, e.Weak})
		}
	}
	return list
}

// kinds notes the kinds of the object's own types.
func (s *scan) kinds() {
	if s.object.BTF == nil {
		return
	}
	for id := btf.ID(1); id < s.object.BTF.Len(); id++ {
		name, in := names.BTFKind(uint8(s.object.BTF.Kind(id)))
		if in.Compare(names.Version{Major: 4, Minor: 18}) > 0 {
			s.add(Need{Kind: BTFKind, Name: name, Since: in, Optional: true, Note: "loaders rewrite it"}, "")
		}
	}
}
