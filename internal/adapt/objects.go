package adapt

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// localTypeID is BPF_CORE_TYPE_ID_LOCAL.
const localTypeID = 6

// Of types with objects that programs make.
const (
	pointsTo = 1 + iota // a variable is a list or tree of them, or a pointer to one
	hasList             // a struct has a list or tree of them
)

// objectsIn tells whether values of a map have objects that programs make. It is 0 if there are none.
func (a *adapter) objectsIn(m *elfobj.Map) int {
	if a.o.BTF == nil {
		return 0
	}
	if a.objects == nil {
		a.objects = a.findObjects()
	}
	most := a.objects[m.Def.Value]
	if m.Def.Inner != nil {
		most = max(most, a.objects[m.Def.Inner.Value])
	}
	return most
}

// findObjects finds lists and trees, which a tag says what they contain, and pointers to types of which programs
// make objects: they ask for the ID of the type.
func (a *adapter) findObjects() map[btf.ID]int {
	made := make(map[btf.ID]bool)
	for _, f := range a.all() {
		for _, r := range f.CORE {
			if r.Kind == localTypeID {
				made[r.Type] = true
			}
		}
	}
	var points, lists []btf.ID
	spec := a.o.BTF
	for id := btf.ID(1); id < spec.Len(); id++ {
		kind := spec.Kind(id)
		if kind != btf.DeclTag && kind != btf.TypeTag {
			continue
		}
		t, err := spec.Type(id)
		if err != nil {
			continue
		}
		to, err := spec.Resolve(id)
		switch {
		case kind == btf.DeclTag && strings.HasPrefix(t.Name, "contains:") && t.Component() >= 0:
			lists = append(lists, t.Ref())
		case kind == btf.DeclTag && strings.HasPrefix(t.Name, "contains:"):
			points = append(points, t.Ref())
		case kind == btf.TypeTag && strings.HasSuffix(t.Name, "kptr") && err == nil && made[to.ID]:
			points = append(points, id)
		}
	}
	found := make(map[btf.ID]int)
	users := a.users()
	mark(found, users, points, pointsTo)
	mark(found, users, lists, hasList)
	return found
}

// mark marks types and those that they are a part of.
func mark(found map[btf.ID]int, users map[btf.ID][]btf.ID, todo []btf.ID, as int) {
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if found[id] < as {
			found[id] = as
			todo = append(todo, users[id]...)
		}
	}
}

// users returns by type which others it is a part of. Of pointers, only those to tags are of interest.
func (a *adapter) users() map[btf.ID][]btf.ID {
	spec := a.o.BTF
	users := make(map[btf.ID][]btf.ID)
	for id := btf.ID(1); id < spec.Len(); id++ {
		t := spec.Shape(id)
		switch t.Kind {
		case btf.Struct, btf.Union:
			for i := range t.Len() {
				users[t.Place(i).Type] = append(users[t.Place(i).Type], id)
			}
		case btf.Datasec:
			for i := range t.Len() {
				users[t.Variable(i).Type] = append(users[t.Variable(i).Type], id)
			}
		case btf.Pointer:
			if spec.Kind(t.Ref()) == btf.TypeTag {
				users[t.Ref()] = append(users[t.Ref()], id)
			}
		case btf.Typedef, btf.Const, btf.Volatile, btf.Restrict, btf.TypeTag, btf.Var:
			users[t.Ref()] = append(users[t.Ref()], id)
		case btf.Array:
			elem, _, _ := t.Array()
			users[elem] = append(users[elem], id)
		}
	}
	return users
}
