package core

import (
	"bytes"
	"errors"
	"sync"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A resolution is what becomes of all relocations of an object on a kernel.
//
// libbpf decides about them in an order, that of the file, and what it found for one of
// them counts for the next ones: candidates that had not what one of them asks for are
// not asked again.
type resolution struct {
	object     *elfobj.Object
	target     *Target
	candidates map[btf.ID][]candidate // by type of the object
	found      map[key]*finding
	funcs      map[place]*relocated

	steps int // that are left for comparing types
	looks int // at names that are left for finding help

	begin                  sync.Once
	mu                     sync.Mutex
	once                   sync.Once
	machine, kernelMachine string // "" if it is not known
}

// A key is what is unique about a question.
type key struct {
	typ    btf.ID
	access string
	kind   uint32
}

// A place is what is unique about a function: others of the same place are other names.
type place struct {
	section string
	offset  uint64
}

// A relocated function is its code with the kernel's values.
type relocated struct {
	code    []byte
	results []Result // by relocation; what depends on the program is not there
}

// A finding is the answer to a question.
type finding struct {
	access    *spec      // in the object, nil if it makes no sense
	match     *spec      // on the kernel, the first one; nil if there is none
	from      *index     // where it was found
	other     *candidate // that gives another answer
	otherSpec *spec
	answer    answer
	err       error   // the relocation makes no sense
	reason    *Reason // once it was asked for
}

func newResolution(object *elfobj.Object, target *Target) *resolution {
	return &resolution{
		object: object, target: target, steps: maxAllSteps, looks: maxLooks,
		candidates: make(map[btf.ID][]candidate), found: make(map[key]*finding),
		funcs: make(map[place]*relocated),
	}
}

// all does the relocations that libbpf does when it loads the object, in its order.
func (r *resolution) all() {
	bySection := make(map[string][]*elfobj.Func)
	for _, list := range [][]*elfobj.Func{r.object.Programs, r.object.Funcs} {
		for _, f := range list {
			if f.Autoload() {
				bySection[f.Section] = append(bySection[f.Section], f)
			}
		}
	}
	for _, records := range r.object.Records {
		for _, f := range bySection[records.Section] {
			r.relocate(f)
		}
	}
}

// relocate returns a function with its relocations done.
func (r *resolution) relocate(f *elfobj.Func) *relocated {
	at := place{f.Section, f.Offset}
	if done := r.funcs[at]; done != nil {
		return done
	}
	done := &relocated{code: bytes.Clone(f.Code), results: make([]Result, len(f.CORE))}
	for i, relo := range f.CORE {
		finding := r.find(relo)
		code := patch{done.code[relo.Insn*bytecode.Size:], r.object.Order}
		done.results[i] = r.describe(relo, finding, code)
		done.results[i].Func, done.results[i].Line = f, lineOf(f, relo.Insn)
	}
	r.follow(f, done.results)
	r.funcs[at] = done
	return done
}

// lineOf returns the line of source that an instruction comes from, or nil.
func lineOf(f *elfobj.Func, insn int) (line *elfobj.Line) {
	for i := range f.Lines {
		if f.Lines[i].Insn > insn {
			break
		}
		line = &f.Lines[i]
	}
	return line
}

// find answers a question.
func (r *resolution) find(relo elfobj.CORERelo) *finding {
	k := key{relo.Type, relo.Access, relo.Kind}
	if f := r.found[k]; f != nil {
		return f
	}
	f := &finding{}
	r.found[k] = f
	access, err := parse(r.object.BTF, relo)
	if err != nil {
		f.err = err
		return f
	}
	f.access = access
	f.err = r.search(names.Relocation(relo.Kind), f)
	return f
}

// errNameless is of a type for which nothing can be looked up.
var errNameless = errors.New("the type has no name, so that it cannot be found on a kernel")

// search looks for what a question is about among the candidates.
func (r *resolution) search(kind names.Relocation, f *finding) error {
	if kind == localID {
		id := uint64(f.access.root)
		f.answer.local, f.answer.target = reading{value: id, vague: true}, reading{value: id}
		return nil
	}
	t, err := r.object.BTF.Type(f.access.root)
	if err == nil && t.Name == "" {
		err = errNameless
	}
	if err != nil {
		return err
	}
	list, known := r.candidates[t.ID]
	if !known {
		list = r.target.candidates(t)
		r.candidates[t.ID] = list
	}
	var matching []candidate
	for _, c := range list {
		match, err := r.matcher(c.from.spec).match(kind, f.access, c.id)
		if err != nil {
			return err
		}
		if match == nil {
			continue
		}
		if err := r.compare(kind, f, c, match); err != nil || f.other != nil {
			return err
		}
		matching = append(matching, c)
	}
	if matching != nil {
		r.candidates[t.ID] = matching
		return nil
	}
	return r.miss(kind, f)
}

// compare takes a match as the answer, or compares it with the one that there is.
func (r *resolution) compare(kind names.Relocation, f *finding, c candidate, match *spec) error {
	a, err := r.calculate(kind, f.access, match)
	switch {
	case err != nil:
		return err
	case f.match == nil:
		f.match, f.from, f.answer = match, c.from, a
	case match.bits != f.match.bits || a.target.value != f.answer.target.value:
		f.other, f.otherSpec = &c, match
	}
	return nil
}

// calculate returns what becomes of the instruction if there is a match.
func (r *resolution) calculate(kind names.Relocation, access, match *spec) (a answer, err error) {
	if a.local, err = access.read(kind, r.object.Order); err != nil {
		return a, err
	}
	if a.target, err = match.read(kind, r.object.Order); err != nil {
		return a, err
	}
	if a.resize = a.local.size != a.target.size; a.resize {
		a.adaptable = adaptable(access.types, match.types, a.local, a.target)
	}
	return a, nil
}

// miss answers a question about what the kernel has not.
func (r *resolution) miss(kind names.Relocation, f *finding) (err error) {
	if f.answer.local, err = f.access.read(kind, r.object.Order); err != nil {
		return err
	}
	switch kind {
	case fieldExists, typeExists, typeMatches, valueExists, typeSize, targetID:
		return nil // the answer is 0
	}
	f.answer.poison = true
	return nil
}
