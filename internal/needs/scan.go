package needs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A scan finds what an object needs.
type scan struct {
	object  *elfobj.Object
	found   map[key]*Need
	loaded  []loaded
	helpers []int32                           // numbers, of which some may come often
	kfuncs  []string                          // as helpers
	callers map[*elfobj.Func][]names.ProgType // of the programs that come to a function, in order
}

// A loaded is a program that is loaded, and what its section says.
type loaded struct {
	*elfobj.Func
	section names.Section
	known   bool
}

type key struct {
	kind Kind
	name string
}

// add notes that a function or map needs something.
func (s *scan) add(n Need, where string) {
	k := key{n.Kind, n.Name}
	old := s.found[k]
	if old == nil {
		s.found[k] = &n
		old = &n
	}
	old.Optional = old.Optional && n.Optional
	if old != &n {
		old.Types = append(old.Types, n.Types...)
		slices.Sort(old.Types)
		old.Types = slices.Compact(old.Types)
	}
	// What needs it comes in one piece, as functions are looked at once.
	if where != "" && (len(old.Where) == 0 || old.Where[len(old.Where)-1] != where) {
		old.Where = append(old.Where, where)
	}
}

// programs looks at the programs that are loaded, and the functions that they use.
func (s *scan) programs() {
	seen := make(map[*elfobj.Func]bool)
	var todo []*elfobj.Func
	for _, p := range s.object.Programs {
		if !p.Autoload() {
			continue
		}
		section, known := names.ParseSection(p.Section)
		l := loaded{p, section, known}
		s.loaded = append(s.loaded, l)
		s.program(l)
		if !seen[p] {
			seen[p] = true
			todo = append(todo, p)
		}
	}
	s.reach()
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s.function(f)
		for _, r := range f.Relocs {
			if r.Func != nil && !seen[r.Func] {
				seen[r.Func] = true
				todo = append(todo, r.Func)
			}
		}
	}
}

// program notes what a program needs by what its section says.
func (s *scan) program(p loaded) {
	if !p.known {
		s.add(Need{Kind: ProgType, Name: "that of section " + p.Section, Note: "the section says no type"}, p.Name)
		return
	}
	t := p.section.Type
	s.add(Need{Kind: ProgType, Name: t.String(), Since: t.Since()}, p.Name)
	if p.section.Attaches {
		n := Need{Kind: AttachType, Name: p.section.Attach.String(), Since: p.section.Attach.Since(), Optional: p.section.Optional}
		if n.Optional {
			n.Note = "older kernels load the program without"
		}
		s.add(n, p.Name)
	}
	if p.section.Sleepable {
		s.add(Need{Kind: ProgFlag, Name: "sleepable " + p.section.Name, Since: names.SleepableSince(p.section)}, p.Name)
	}
	if p.section.Frags {
		s.add(Need{Kind: ProgFlag, Name: "xdp_has_frags", Since: names.Version{Major: 5, Minor: 18}}, p.Name)
	}
	if t.String() == "tracing" && p.section.Attach.String() == "trace_iter" && p.section.Rest != "" {
		s.add(Need{Kind: Target, Name: "iter/" + p.section.Rest, Since: names.IterSince(p.section.Rest)}, p.Name)
	}
}

// function notes what the instructions of a function need.
func (s *scan) function(f *elfobj.Func) {
	kfunc := make(map[int]bool)
	for _, r := range f.Relocs {
		s.reference(f, r)
		kfunc[r.Insn] = r.Kind == elfobj.ToKfunc || kfunc[r.Insn]
	}
	list, err := bytecode.Decode(f.Code, s.object.Order)
	if err != nil {
		return // no loader takes it
	}
	for at := 0; at < len(list); at += bytecode.Slots(list, at) {
		in := list[at]
		s.instruction(f, in)
		if to, ok := bytecode.Target(list, at); ok && to <= at {
			s.add(Need{Kind: Code, Name: loopsName, Since: names.Version{Major: 5, Minor: 3}}, f.Name)
		}
		if in.IsCall() && in.Src == bytecode.CallHelper && !kfunc[at] {
			s.helper(f, in.Imm)
		}
	}
}

// loopsName is what jumps backward are called.
const loopsName = "loops"

// replaced are helpers that loaders replace on kernels that have only older ones.
var replaced = map[string]string{
	"bpf_probe_read_kernel": "bpf_probe_read", "bpf_probe_read_user": "bpf_probe_read",
	"bpf_probe_read_kernel_str": "bpf_probe_read_str", "bpf_probe_read_user_str": "bpf_probe_read_str",
}

func (s *scan) helper(f *elfobj.Func, number int32) {
	name, ok := names.Helper(number)
	if !ok {
		name = fmt.Sprintf("%d", number)
	}
	s.helpers = append(s.helpers, number)
	n := Need{Kind: Helper, Name: name, Since: names.HelperSince(number), Types: s.callers[f]}
	if old := replaced[name]; old != "" {
		n.Optional, n.Note = true, "libbpf calls "+old+" on older kernels"
	}
	s.add(n, f.Name)
}

// reference notes what it needs that an instruction refers to something.
func (s *scan) reference(f *elfobj.Func, r elfobj.Reloc) {
	code := func(name string, major, minor uint16) {
		s.add(Need{Kind: Code, Name: name, Since: names.Version{Major: major, Minor: minor}}, f.Name)
	}
	switch r.Kind {
	case elfobj.ToCall:
		code("calls of functions", 4, 16)
	case elfobj.ToFunc:
		code("addresses of functions", 5, 13)
	case elfobj.ToValue:
		if r.Map != nil && r.Map.Kind != elfobj.Defined {
			code("global variables", 5, 2)
		}
		if r.Map != nil && r.Map.Kind == elfobj.PerCPU {
			code("variables of each processor", 7, 0)
		}
	case elfobj.ToTable:
		code("jumps by a table", 6, 19)
	case elfobj.ToExtern:
		switch {
		case r.Extern.Kind == elfobj.Setting:
			code("global variables", 5, 2)
		case r.Extern.Kind == elfobj.Ksym && r.Extern.Type != 0:
			code("variables of the kernel", 5, 10)
		case r.Extern.Kind == elfobj.Kfunc:
			s.kfunc(f, r.Extern) // whose address is asked for, to see whether it is there
		}
	case elfobj.ToKfunc:
		s.kfunc(f, r.Extern)
	}
}

func (s *scan) kfunc(f *elfobj.Func, e *elfobj.Extern) {
	s.kfuncs = append(s.kfuncs, e.Name)
	n := Need{Kind: Kfunc, Name: e.Name, Since: names.KfuncSince(e.Name), Optional: e.Weak, Types: s.callers[f]}
	if e.Weak {
		n.Note = "weak"
	}
	s.add(n, f.Name)
}

// Limits of old kernels, and of this search, in instructions and functions.
const (
	oldLength = 4096
	maxVisits = 1 << 22
)

// reach notes which programs come to which functions, and programs that are longer than old kernels let them be.
func (s *scan) reach() {
	visits := 0
	for _, p := range s.loaded {
		seen := map[*elfobj.Func]bool{p.Func: true}
		todo := []*elfobj.Func{p.Func}
		length := 0
		for len(todo) > 0 {
			f := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			length += len(f.Code) / bytecode.Size
			if list := s.callers[f]; p.known && !slices.Contains(list, p.section.Type) {
				s.callers[f] = append(list, p.section.Type)
				slices.Sort(s.callers[f])
			}
			for _, r := range f.Relocs {
				if visits++; r.Func != nil && !seen[r.Func] {
					seen[r.Func] = true
					todo = append(todo, r.Func)
				}
			}
		}
		if length > oldLength {
			s.add(Need{Kind: Code, Name: "more than 4096 instructions", Since: names.Version{Major: 5, Minor: 2}}, p.Name)
		}
		if visits > maxVisits {
			return
		}
	}
}

// maps notes what the maps need.
func (s *scan) maps() {
	for _, m := range s.object.Maps {
		s.definition(&m.Def, m)
		if m.Kind == elfobj.StructOps {
			name := s.structName(m)
			s.add(Need{Kind: Target, Name: name, Since: names.StructOpsSince(name)}, m.Name)
		}
	}
}

// structName returns the name of the struct that a map of functions has.
func (s *scan) structName(m *elfobj.Map) string {
	if s.object.BTF != nil {
		if t, err := s.object.BTF.Resolve(m.Type); err == nil {
			name, _, _ := strings.Cut(t.Name, "___") // its flavour is for the object alone
			return name
		}
	}
	return m.Name
}

// definition notes what a map needs, or one that is within it.
func (s *scan) definition(d *elfobj.Def, m *elfobj.Map) {
	t := names.MapType(d.Type)
	s.add(Need{Kind: MapType, Name: t.String(), Since: t.Since()}, m.Name)
	for _, f := range names.MapFlags(d.Flags) {
		n := Need{Kind: MapFlag, Name: f.Name, Since: f.In}
		if f.Name == "" {
			n.Name = fmt.Sprintf("%#x", f.Bit)
		}
		if f.Name == "mmapable" && m.Kind != elfobj.Defined {
			n.Optional, n.Note = true, "libbpf does without for variables"
		}
		s.add(n, m.Name)
	}
	if d.Inner != nil {
		s.definition(d.Inner, m)
	}
}

// types tells whether the types of the kernel are needed.
func (s *scan) types() verdict.Verdict {
	yes := func(why string) verdict.Verdict { return verdict.Verdict{Answer: verdict.Yes, Evidence: why} }
	for _, p := range s.loaded {
		if p.section.Target {
			return yes("section " + p.Section + " names something there")
		}
	}
	for _, m := range s.object.Maps {
		if m.Kind == elfobj.StructOps {
			return yes("map " + m.Name + " is a struct of the kernel")
		}
	}
	for _, e := range s.object.Externs {
		if !e.Weak && (e.Kind == elfobj.Kfunc || e.Kind == elfobj.Ksym && e.Type != 0) {
			return yes("extern " + e.Name + " is there")
		}
	}
	for _, r := range s.object.Records {
		if len(r.CORE) > 0 {
			return yes(fmt.Sprintf("section %s has relocations by types", r.Section))
		}
	}
	return verdict.Verdict{Answer: verdict.No}
}
