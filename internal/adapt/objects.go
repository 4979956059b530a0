package adapt

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// localTypeID is BPF_CORE_TYPE_ID_LOCAL.
const localTypeID = 6

// hasObjects reports whether values of a map have objects that programs make: lists and trees of them, or
// pointers to them.
func (a *adapter) hasObjects(m *elfobj.Map) bool {
	if a.o.BTF == nil {
		return false
	}
	if a.objects == nil {
		a.objects = a.usersOf(a.pointsToObjects())
	}
	return a.objects[m.Def.Value] || m.Def.Inner != nil && a.objects[m.Def.Inner.Value]
}

// pointsToObjects finds lists and trees, which a tag says what they contain, and pointers to types of which programs
// make objects: they ask for the ID of the type.
func (a *adapter) pointsToObjects() (list []btf.ID) {
	made := make(map[btf.ID]bool)
	for _, f := range a.all() {
		for _, r := range f.CORE {
			if r.Kind == localTypeID {
				made[r.Type] = true
			}
		}
	}
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
		if kind == btf.DeclTag && strings.HasPrefix(t.Name, "contains:") {
			list = append(list, t.Ref())
		}
		if to, err := spec.Resolve(id); kind == btf.TypeTag && strings.HasSuffix(t.Name, "kptr") && err == nil && made[to.ID] {
			list = append(list, id)
		}
	}
	return list
}

// usersOf returns types and those that they are a part of.
func (a *adapter) usersOf(todo []btf.ID) map[btf.ID]bool {
	found := make(map[btf.ID]bool)
	users := a.users()
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !found[id] {
			found[id] = true
			todo = append(todo, users[id]...)
		}
	}
	return found
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
