package core

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Target is the types of a kernel, and those of its modules, prepared for looking up
// names in them. It may be used by several at a time.
type Target struct {
	kernel  *index
	modules []*index
	whole   bool // there are no other modules

	mu     sync.Mutex
	recent []*resolution // of the objects that were asked about last: each has many programs
}

// maxRecent is how many objects are remembered.
const maxRecent = 8

// NewTarget returns the types of a kernel and of modules whose base it is. If modules is nil
// there may be others whose types are not known, and if it is an empty list there are none.
func NewTarget(kernel *btf.Spec, modules []Module) *Target {
	return (&Target{kernel: newIndex("", kernel)}).With(modules)
}

// With returns the same kernel with other modules. What was prepared of the kernel is not done
// again.
func (t *Target) With(modules []Module) *Target {
	with := &Target{kernel: t.kernel, whole: modules != nil && len(modules) == 0}
	for _, m := range modules {
		with.modules = append(with.modules, newIndex(m.Name, m.Spec))
	}
	return with
}

// of returns what becomes of the relocations of an object.
func (t *Target) of(object *elfobj.Object) *resolution {
	r := t.remember(object)
	r.begin.Do(r.all)
	return r
}

func (t *Target) remember(object *elfobj.Object) *resolution {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.recent {
		if r.object == object {
			return r
		}
	}
	r := newResolution(object, t)
	t.recent = append(t.recent[max(0, len(t.recent)+1-maxRecent):], r)
	return r
}

// A candidate is a type of the kernel that may be what the object means.
type candidate struct {
	from *index
	id   btf.ID
}

// candidates returns the types that have the name and the kind of a type of an object:
// those of modules only if the kernel has none.
func (t *Target) candidates(local btf.Type) []candidate {
	name := essential(local.Name)
	list := t.kernel.candidates(nil, name, local.Kind)
	if list == nil {
		for _, m := range t.modules {
			list = m.candidates(list, name, local.Kind)
		}
	}
	return list
}

// An index finds types by their names.
type index struct {
	name    string // of the module
	spec    *btf.Spec
	types   table // what relocations can ask about
	symbols table // functions and variables
}

func newIndex(name string, spec *btf.Spec) *index {
	return &index{name: name, spec: spec, types: table{has: hasName}, symbols: table{has: isSymbol}}
}

// A table has the types of some kinds by name: by the lowest bits of the hash of a name, and
// then one after the other. A map of strings would take ten times as much.
type table struct {
	has     func(btf.Kind) bool
	sought  atomic.Int32 // how often something was looked for by its exact name
	once    sync.Once
	heads   []uint32 // numbers of entries, from 1
	entries []entry
}

// An entry is a type that has a name.
type entry struct {
	id   btf.ID
	hash uint32
	next uint32
}

// candidates appends the types with a name and a kind, in increasing order.
func (x *index) candidates(list []candidate, name string, kind btf.Kind) []candidate {
	for t := range x.called(name) {
		if compatible(t.Kind, kind) {
			list = append(list, candidate{x, t.ID})
		}
	}
	return list
}

// called returns the types with a name, but for its flavour, in increasing order.
func (x *index) called(name string) func(func(btf.Type) bool) { return x.in(&x.types, name) }

// exactly returns the first type with a name, flavour and all, and a kind.
func (x *index) exactly(name string, kind btf.Kind) (found btf.Type, ok bool) {
	t := &x.types
	if isSymbol(kind) {
		t = &x.symbols
	}
	if t.sought.Add(1) <= few { // going through all names takes longer than looking for one
		id, ok := x.spec.Find(name, kind)
		if ok {
			found, _ = x.spec.Type(id)
		}
		return found, ok
	}
	for found := range x.in(t, essential(name)) {
		if found.Kind == kind && found.Name == name {
			return found, true
		}
	}
	return found, false
}

// few is how many names are looked for one by one.
const few = 3

// hasFuncs reports whether there is any function.
func (x *index) hasFuncs() bool {
	return slices.ContainsFunc(x.filled(&x.symbols).entries, func(e entry) bool { return x.spec.Kind(e.id) == btf.Func })
}

// in returns the types of a table with a name, but for its flavour.
func (x *index) in(t *table, name string) func(func(btf.Type) bool) {
	x.filled(t)
	return func(yield func(btf.Type) bool) {
		h := hash(name)
		for n := t.heads[h%uint32(len(t.heads))]; n != 0; n = t.entries[n-1].next {
			e := t.entries[n-1]
			if e.hash != h {
				continue
			}
			if t, err := x.spec.Type(e.id); err == nil && essential(t.Name) == name && !yield(t) {
				return
			}
		}
	}
}

// filled returns a table that has all of its types.
func (x *index) filled(t *table) *table {
	t.once.Do(func() { x.fill(t) })
	return t
}

// fill fills a table, with two processors. The last type comes first, so that it ends up last in
// its row.
func (x *index) fill(to *table) {
	first, end := x.spec.First(), x.spec.Len()
	middle := first + (end-first)/2
	var lower []entry
	var wait sync.WaitGroup
	wait.Go(func() { lower = x.named(first, middle, to.has) })
	upper := x.named(middle, end, to.has)
	wait.Wait()
	to.entries = append(upper, lower...)
	to.heads = make([]uint32, 1<<14)
	for i := range to.entries {
		e := &to.entries[i]
		head := &to.heads[e.hash%uint32(len(to.heads))]
		e.next, *head = *head, uint32(i+1)
	}
}

// named returns entries for the types of some kinds that have a name, the last one first.
func (x *index) named(start, end btf.ID, has func(btf.Kind) bool) []entry {
	list := make([]entry, 0, (end-start)/2)
	for id := end; id > start; {
		id--
		if !has(x.spec.Kind(id)) {
			continue
		}
		if t, err := x.spec.Type(id); err == nil && t.Name != "" {
			list = append(list, entry{id: id, hash: hash(essential(t.Name))})
		}
	}
	return list
}

// isSymbol reports whether types of a kind are things that a kernel has.
func isSymbol(k btf.Kind) bool { return k == btf.Func || k == btf.Var }

// hasName reports whether types of a kind are known by a name, and can be asked about.
func hasName(k btf.Kind) bool {
	switch k {
	case btf.Int, btf.Struct, btf.Union, btf.Enum, btf.Enum64, btf.Forward, btf.Typedef, btf.Float:
		return true
	}
	return false
}

// hash is FNV-1a.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// compatible reports whether types of two kinds can stand for each other.
func compatible(a, b btf.Kind) bool { return a == b || isEnum(a) && isEnum(b) }

func isEnum(k btf.Kind) bool { return k == btf.Enum || k == btf.Enum64 }

func isComposite(k btf.Kind) bool { return k == btf.Struct || k == btf.Union }
