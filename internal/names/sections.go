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
		rest, found := strings.CutPrefix(name, row.name)
		if !found {
			continue
		}
		if rest == "" {
			return row.section(""), true
		}
		if rest, found = strings.CutPrefix(rest, "/"); found && row.has(more) {
			return row.section(rest), true
		}
	}
	return Section{}, false
}

// SectionNames returns the names of all sections that say something, in the order in which
// they are looked up. more tells whether a slash and something else may follow.
func SectionNames(yield func(name string, more bool) bool) {
	for _, row := range sections {
		if !yield(row.name, row.has(more)) {
			return
		}
	}
}

// A sectionRow is what is known of a section, in words.
type sectionRow struct {
	name     string
	progType string
	attach   string // an attach type, or empty
	traits   trait
}

// What rows have in common.
type trait uint8

const (
	more trait = 1 << iota // the name may also go on with a slash
	optional
	sleepable
	frags
	target
	auto
	tracing = more | target | auto // by a trampoline, or by types
)

func (r sectionRow) has(t trait) bool { return r.traits&t != 0 }

// section describes the section of which this is the row; rest is what follows behind a slash.
func (r sectionRow) section(rest string) Section {
	t, _ := parse[ProgType](progTypes, r.progType)
	a, attaches := parse[AttachType](attachTypes, r.attach)
	return Section{
		Name: r.name, Rest: rest, Type: t, Attach: a, Attaches: attaches,
		Optional: r.has(optional), Sleepable: r.has(sleepable), Frags: r.has(frags), Target: r.has(target), Auto: r.has(auto),
	}
}
