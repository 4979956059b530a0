package core

import (
	"sync"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A Target is the types of a kernel, and those of its modules, prepared for looking up
// names in them. It may be used by several at a time.
type Target struct {
	kernel  *index
	modules []*index

	mu     sync.Mutex
	recent []*resolution // of the objects that were asked about last: each has many programs
}

// maxRecent is how many objects are remembered.
const maxRecent = 8

// NewTarget returns the types of a kernel and of modules whose base it is. names are those
// of the modules.
func NewTarget(kernel *btf.Spec, modules []Module) *Target {
	t := &Target{kernel: &index{spec: kernel, first: 1}}
	for _, m := range modules {
		t.modules = append(t.modules, &index{spec: m.Spec, name: m.Name, first: m.Spec.First()})
	}
	return t
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
	name  string // of the module
	spec  *btf.Spec
	first btf.ID

	once sync.Once
	// By the lowest bits of the hash of a name, and then one after the other: numbers of
	// entries, from 1. A map of strings would take ten times as much.
	heads   []uint32
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
func (x *index) called(name string) func(func(btf.Type) bool) {
	x.once.Do(x.build)
	return func(yield func(btf.Type) bool) {
		h := hash(name)
		for n := x.heads[h%uint32(len(x.heads))]; n != 0; n = x.entries[n-1].next {
			e := x.entries[n-1]
			if e.hash != h {
				continue
			}
			if t, err := x.spec.Type(e.id); err == nil && essential(t.Name) == name && !yield(t) {
				return
			}
		}
	}
}

// build fills the index. The last type comes first, so that it ends up last in its row.
func (x *index) build() {
	x.heads = make([]uint32, 1<<14)
	for id := x.spec.Len(); id > x.first; {
		id--
		if !hasName(x.spec.Kind(id)) {
			continue
		}
		t, err := x.spec.Type(id)
		if err != nil || t.Name == "" {
			continue
		}
		h := hash(essential(t.Name))
		head := &x.heads[h%uint32(len(x.heads))]
		x.entries = append(x.entries, entry{id, h, *head})
		*head = uint32(len(x.entries))
	}
}

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
