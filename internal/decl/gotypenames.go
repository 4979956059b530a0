package decl

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// goTypeNames are the names of structs, unions and enumerations in generated
// code, whether they are used or not: so they do not depend on what is used.
//
// One without a tag has the name of its typedef, or of where it is used: the
// members on the way to it, or the variable or parameter.
type goTypeNames struct {
	c      []string            // by ID: the name in C, with dots between members, or ""
	types  []string            // by ID: the name in Go, or ""
	values map[btf.ID][]string // of enumerators, by the ID of their type
}

// nameAll gives all types names that begin with the prefix.
func (g *GoTypes) nameAll() {
	n := g.spec.Len()
	g.names = goTypeNames{make([]string, n), make([]string, n), make(map[btf.ID][]string)}
	s := newSorter(g.spec)
	g.namesOfTypedefs()
	g.namesOfUses(s)
	for _, wish := range g.wishes(s) {
		g.nameTypes(wish.name, wish.ids)
	}
	g.nameValues(s)
}

// namesOfTypedefs finds the names in C of what has a tag or a typedef.
func (g *GoTypes) namesOfTypedefs() {
	for id := btf.ID(1); id < g.spec.Len(); id++ {
		switch k := g.spec.Kind(id); {
		case k == btf.Typedef:
			t := g.get(id)
			of, err := g.spec.Resolve(t.Ref())
			if err != nil || goRank(of.Kind) < 0 || of.Name != "" || t.Name == "" {
				continue
			}
			if named := &g.names.c[of.ID]; *named == "" || t.Name < *named {
				*named = t.Name
			}
		case goRank(k) >= 0:
			if name := g.get(id).Name; name != "" {
				g.names.c[id] = name
			}
		}
	}
}

// namesOfUses finds the names of what has neither a tag nor a typedef, from where
// it is used in structs first, then in variables and functions.
func (g *GoTypes) namesOfUses(s *sorter) {
	var structs, others []btf.ID
	for id := btf.ID(1); id < g.spec.Len(); id++ {
		switch k := g.spec.Kind(id); {
		case isStruct(k) && g.names.c[id] != "":
			structs = append(structs, id)
		case k == btf.Var || k == btf.Func:
			others = append(others, id)
		}
	}
	slices.SortFunc(structs, func(a, b btf.ID) int { return g.compareNames(s, g.names.c[a], g.names.c[b], a, b) })
	slices.SortFunc(others, func(a, b btf.ID) int {
		return cmp.Or(cmp.Compare(g.spec.Kind(b), g.spec.Kind(a)), g.compareNames(s, g.get(a).Name, g.get(b).Name, a, b))
	})
	for _, id := range structs {
		g.nameMembers(g.names.c[id], id, 0)
	}
	for _, id := range others {
		t := g.get(id)
		if t.Kind == btf.Var {
			g.nameUse(t.Name, t.Ref(), 0)
			continue
		}
		proto := g.get(t.Ref())
		for i := 0; proto.Kind == btf.FuncProto && i < proto.Len(); i++ {
			p := proto.Param(i)
			g.nameUse(t.Name+"."+p.Name, p.Type, 0)
		}
	}
}

// compareNames compares two types by their names, then by what they are made of.
func (g *GoTypes) compareNames(s *sorter, nameA, nameB string, a, b btf.ID) int {
	if by := strings.Compare(nameA, nameB); by != 0 {
		return by
	}
	return cmp.Or(cmp.Compare(s.hash(a), s.hash(b)), cmp.Compare(a, b))
}

// nameMembers names what a struct or union is made of and has no name. What is
// within members without a name belongs to the struct that they are in.
func (g *GoTypes) nameMembers(path string, id btf.ID, depth int) {
	if depth == maxDepth || g.is(id, searched) || !g.spend(id, len(path)) {
		return
	}
	g.set(id, searched)
	t := g.get(id)
	for i := range t.Len() {
		m := t.Member(i)
		if m.Name != "" {
			g.nameUse(path+"."+m.Name, m.Type, depth)
		} else if inner, ok := g.bare(m); ok {
			g.nameMembers(path, inner.ID, depth+1)
		}
	}
}

// nameUse names what is used somewhere, be it behind pointers or in arrays.
func (g *GoTypes) nameUse(path string, id btf.ID, depth int) {
	for range maxDepth {
		if !g.spend(id, len(path)) {
			return
		}
		switch k := g.spec.Kind(id); {
		case k == btf.Array:
			id, _, _ = g.spec.Shape(id).Array()
		case k == btf.Typedef || k == btf.Pointer || isQualifier(k):
			id = g.spec.Shape(id).Ref()
		case goRank(k) < 0 || g.names.c[id] != "":
			return
		default:
			g.names.c[id] = path
			if isStruct(k) {
				g.nameMembers(path, id, depth+1)
			}
			return
		}
	}
}

// bare returns the struct or union whose members are those of the struct that
// member m is in, for m has no name.
func (g *GoTypes) bare(m btf.Member) (btf.Type, bool) {
	if m.Name != "" || m.Bits != 0 || m.Offset%8 != 0 {
		return btf.Type{}, false
	}
	t, err := g.spec.Resolve(m.Type)
	return t, err == nil && isStruct(t.Kind)
}

// A goWish is a name, and the types that would have it if they were alone, in the
// order in which they get one.
type goWish struct {
	name string
	ids  []btf.ID
}

// wishes returns the names that types would have, in order. All are claimed.
func (g *GoTypes) wishes(s *sorter) []goWish {
	by := make(map[string][]btf.ID)
	for id, c := range g.names.c {
		if id := btf.ID(id); c != "" && g.spend(id, len(c)) {
			wish := g.prefix + GoName(c)
			by[wish] = append(by[wish], id)
		}
	}
	wishes := make([]goWish, 0, len(by))
	for name, ids := range by {
		slices.SortFunc(ids, func(a, b btf.ID) int {
			return cmp.Or(
				cmp.Compare(goRank(g.spec.Kind(a)), goRank(g.spec.Kind(b))),
				g.compareNames(s, g.names.c[a], g.names.c[b], a, b))
		})
		wishes = append(wishes, goWish{name, ids})
	}
	slices.SortFunc(wishes, func(a, b goWish) int { return strings.Compare(a.name, b.name) })
	for i := range wishes {
		wishes[i].name = g.taken.claim(wishes[i].name)
	}
	return wishes
}

// nameTypes gives types their names, of which the first has its wish.
func (g *GoTypes) nameTypes(wish string, ids []btf.ID) {
	g.names.types[ids[0]] = wish
	first := goRank(g.spec.Kind(ids[0]))
	for _, id := range ids[1:] {
		name := wish
		if rank := goRank(g.spec.Kind(id)); rank != first {
			name += goWords[rank].word
		}
		g.names.types[id] = g.taken.claim(name)
	}
}

// nameValues gives enumerators their names. Where a type has the name already, it
// is followed by a word.
func (g *GoTypes) nameValues(s *sorter) {
	for _, id := range sortedEnums(g.spec, s, g.names.c) {
		t := g.get(id)
		values := make([]string, 0, t.Len())
		for i := range t.Len() {
			name := t.Enumerator(i).Name
			if !g.spend(id, 1+len(name)) {
				return
			}
			wish := g.prefix + GoName(name)
			if g.taken[wish] > 0 {
				wish += "Value"
			}
			values = append(values, g.taken.claim(wish))
		}
		g.names.values[id] = values
	}
}

// nameOf returns the name of a struct, union or enumeration. One that nothing
// uses gets it at its first use.
func (g *GoTypes) nameOf(t btf.Type) string {
	name := &g.names.types[t.ID]
	if *name == "" {
		*name = g.taken.claim(g.prefix + "Anon")
	}
	return *name
}

// whatOf returns what a type is in C, for comments.
func (g *GoTypes) whatOf(t btf.Type) string {
	switch c := oneLine(g.names.c[t.ID]); {
	case t.Name != "":
		return keyword(t) + " " + c
	case c != "":
		return "the " + keyword(t) + " " + c
	}
	return "a " + keyword(t) + " without a name"
}
