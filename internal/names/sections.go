package names

import "strings"

// A Section is what the name of a section says about the programs in it.
type Section struct {
	Name   string // the name, or how it starts, such as "fentry"
	Rest   string // what follows behind a slash, such as the function
	Type   ProgType
	Attach AttachType // expected attach type; meaningful only if Attaches is set

	Attaches  bool // an attach type belongs to the section
	Optional  bool // kernels that do not know the attach type load the program without it
	Sleepable bool // the program may sleep: BPF_F_SLEEPABLE
	Frags     bool // packets may have several parts: BPF_F_XDP_HAS_FRAGS
	Target    bool // what the rest names is looked up in types when the program is loaded
	Auto      bool // programs attach themselves: what "autoattach" is for
}

// ParseSection tells what libbpf 1.8 makes of a section with some name; a "?" in front,
// which says that the program is not loaded by itself, does not matter. There is nothing if ok
// is false.
func ParseSection(name string) (s Section, ok bool) {
	name = strings.TrimPrefix(name, "?")
	for _, row := range sections {
		if name == row.Name {
			return row.Section, true
		}
		rest, found := strings.CutPrefix(name, row.Name+"/")
		if found && row.more {
			s = row.Section
			s.Rest = rest
			return s, true
		}
	}
	return Section{}, false
}

// SectionNames returns the names of all sections that say something, in the order in which
// they are looked up. more tells whether a slash and something else may follow.
func SectionNames(yield func(name string, more bool) bool) {
	for _, row := range sections {
		if !yield(row.Name, row.more) {
			return
		}
	}
}

// A sectionRow is a name, or if more is set also one that goes on with a slash.
type sectionRow struct {
	Section
	more bool
}

// What rows have in common.
type trait uint8

const (
	more trait = 1 << iota
	optional
	sleepable
	frags
	target
	auto
	tracing = more | target | auto // by a trampoline, or by types
)

// section makes a row. attach is a word for an attach type, or empty.
func section(name, progType, attach string, traits trait) sectionRow {
	t, _ := parse[ProgType](progTypes, progType)
	a, attaches := parse[AttachType](attachTypes, attach)
	has := func(x trait) bool { return traits&x != 0 }
	return sectionRow{Section{
		Name: name, Type: t, Attach: a, Attaches: attaches,
		Optional: has(optional), Sleepable: has(sleepable), Frags: has(frags), Target: has(target), Auto: has(auto),
	}, has(more)}
}
