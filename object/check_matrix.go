package object

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kernels"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Matrix is what "object check" reports: whether objects fit kernels.
type Matrix struct {
	Objects  []*Column  `json:"objects"` // in the order of the command line
	Kernels  []*Row     `json:"kernels"` // by name, as people count
	Failures []*Failure `json:"failures"`
	Summary  Summary    `json:"summary"`
	Unseen   []string   `json:"unseen"` // what is not looked at

	ids map[failure]*Failure
}

// A Column is an object.
type Column struct {
	Name        string `json:"name"` // of the file, or its path if several are called alike
	File        string `json:"file"`
	Programs    int    `json:"programs"`
	Optional    int    `json:"optional_programs"` // how many of them are not loaded unless that is asked for
	Relocations int    `json:"relocations"`
	Error       string `json:"error,omitempty"` // why it cannot be read

	err      error          // the same
	object   *elfobj.Object // nil if it cannot be read
	uncalled []*elfobj.Func
}

// A Row is a kernel.
type Row struct {
	Name    string   `json:"name"`
	File    string   `json:"file"`
	Modules []string `json:"modules,omitempty"` // of which the types are known, too
	Unread  []string `json:"unread,omitempty"`  // modules whose types cannot be read, and why
	Error   string   `json:"error,omitempty"`   // why the kernel cannot be read
	Cells   []*Cell  `json:"verdicts"`          // one for each object
}

// A Cell says whether an object fits a kernel.
type Cell struct {
	Object string `json:"object"`
	verdict.Verdict
	Failures []int `json:"failures,omitempty"` // their numbers, in increasing order

	found []failure  // the same as they were found,
	known []*Failure // and before they have numbers
}

// A Class says what depends on what the types lack.
type Class uint8

// The classes.
const (
	Required Class = iota // that the object is loaded
	Unsure                // the same, but types that are not given may have it
	Optional              // that a program is loaded which is only loaded if that is asked for
	Guarded               // nothing: the program does not come there on this kernel
	classes
)

var classWords = [classes]string{"required", "unknown", "optional", "guarded"}

// String returns the word for a class.
func (c Class) String() string { return classWords[c] }

// MarshalText implements [encoding.TextMarshaler].
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// A failure is something that an object asks of the types of a kernel and does not get: a
// relocation, or a name.
type failure struct {
	Object   string `json:"object"`
	Class    Class  `json:"class"`
	Program  string `json:"program,omitempty"`  // that needs it; empty if the object does as a whole
	Function string `json:"function,omitempty"` // that has the instruction, if it is another
	Kind     string `json:"kind"`               // of a relocation, in libbpf's words, or of a name: see [core.SymbolKind]
	Access   string `json:"access"`             // what a relocation is about, as it is spelled in C, or the name
	Cause    string `json:"cause"`
	Help     string `json:"help,omitempty"`
	Source   string `json:"source,omitempty"` // file, colon, line
	Code     string `json:"code,omitempty"`   // that line

	Symbol bool `json:"-"` // it is a name
}

// A Failure is what fails alike on some kernels.
type Failure struct {
	ID int `json:"id"` // its place in the list
	failure
	Kernels []string `json:"kernels"`
}

// A Summary counts cells.
type Summary struct {
	Yes     int `json:"yes"`
	No      int `json:"no"`
	Denied  int `json:"denied"`
	Unknown int `json:"unknown"`
}

func (s *Summary) count(a verdict.Answer) {
	switch a {
	case verdict.Yes:
		s.Yes++
	case verdict.No:
		s.No++
	case verdict.Denied:
		s.Denied++
	default:
		s.Unknown++
	}
}

// String returns the numbers in words, that of what is denied only if there is any.
func (s Summary) String() string {
	text := fmt.Sprintf("%d fit, %d do not", s.Yes, s.No)
	if s.Denied > 0 {
		text += fmt.Sprintf(", %d denied", s.Denied)
	}
	return text + fmt.Sprintf(", %d unknown", s.Unknown)
}

// unseen is what no types tell.
var unseen = [...]string{
	"whether the verifier accepts the programs",
	"whether the kernel has the helpers, and the types of programs and maps, that they use",
	"whether programs may attach to what there is, and call the kernel functions that there are; and whether there is what kprobes, tracepoints and the like name",
	"what a loader decides at run time: which programs it leaves out or attaches elsewhere, and types or constants that it brings",
	"types of modules that are not given",
}

// newMatrix opens objects, each once, however often it is named. Those that cannot be opened
// say why.
func newMatrix(paths []string) *Matrix {
	paths = once(paths)
	m := &Matrix{Unseen: unseen[:], Kernels: []*Row{}, Failures: []*Failure{}, ids: make(map[failure]*Failure)}
	named := make(map[string]int)
	for _, p := range paths {
		named[filepath.Base(p)]++
	}
	for _, p := range paths {
		c := &Column{Name: filepath.Base(p), File: p}
		if named[c.Name] > 1 {
			c.Name = p
		}
		c.open()
		m.Objects = append(m.Objects, c)
	}
	return m
}

// once returns paths without those that are there already.
func once(paths []string) (list []string) {
	known := make(map[string]bool)
	for _, p := range paths {
		if clean := filepath.Clean(p); !known[clean] {
			known[clean] = true
			list = append(list, p)
		}
	}
	return list
}

func (c *Column) open() {
	o, err := elfobj.Open(c.File)
	if err != nil {
		c.Error, c.err = names.Reason(err), err
		return
	}
	c.object, c.uncalled = o, o.Uncalled()
	for _, p := range o.Programs {
		c.Programs++
		if !p.Autoload() {
			c.Optional++
		}
		c.Relocations += len(p.CORE)
	}
	for _, f := range o.Funcs {
		c.Relocations += len(f.CORE)
	}
}

// add adds a kernel. What is said of it in the same words as of another is kept once.
func (m *Matrix) add(r *Row) {
	m.Kernels = append(m.Kernels, r)
	for _, c := range r.Cells {
		m.Summary.count(c.Answer)
		for _, f := range c.found {
			c.known = append(c.known, m.keep(f))
		}
		c.found = nil
	}
}

// keep returns what is kept of failures that are the same.
func (m *Matrix) keep(f failure) *Failure {
	known := m.ids[f]
	if known == nil {
		known = &Failure{failure: f}
		m.ids[f] = known
		m.Failures = append(m.Failures, known)
	}
	return known
}

// finish puts kernels and failures in order, whatever that was in which they came, and
// gives numbers to failures.
func (m *Matrix) finish() {
	m.distinguish()
	slices.SortFunc(m.Kernels, func(a, b *Row) int {
		return cmp.Or(kernels.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File))
	})
	place := make(map[string]int)
	for i, o := range m.Objects {
		place[o.Name] = i
	}
	slices.SortFunc(m.Failures, func(a, b *Failure) int {
		return cmp.Or(cmp.Compare(place[a.Object], place[b.Object]), cmp.Compare(a.Class, b.Class),
			strings.Compare(a.Access, b.Access), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Cause, b.Cause),
			strings.Compare(a.Help, b.Help), strings.Compare(a.Program, b.Program), kernels.Compare(a.Source, b.Source),
			strings.Compare(a.Function, b.Function), strings.Compare(a.Code, b.Code))
	})
	for i, f := range m.Failures {
		f.ID = i
	}
	for _, r := range m.Kernels {
		for _, c := range r.Cells {
			m.number(r, c)
		}
	}
}

// number gives the failures of a cell their numbers.
func (m *Matrix) number(r *Row, c *Cell) {
	for _, f := range c.known {
		c.Failures = append(c.Failures, f.ID)
	}
	c.known = nil
	slices.Sort(c.Failures)
	c.Failures = slices.Compact(c.Failures) // several instructions of a line
	for _, id := range c.Failures {
		m.Failures[id].Kernels = append(m.Failures[id].Kernels, r.Name)
	}
}

// distinguish gives kernels that are called alike the names of their files.
func (m *Matrix) distinguish() {
	named := make(map[string]int)
	for _, r := range m.Kernels {
		named[r.Name]++
	}
	for _, r := range m.Kernels {
		if named[r.Name] > 1 {
			r.Name = r.File
		}
	}
}
