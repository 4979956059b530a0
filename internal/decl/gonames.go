package decl

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// goNames are the names in Go of all types, whether they are written or not.
//
// C tells tags from typedefs, and capitals from small letters; Go has one name
// for what is public. A typedef that stands for the type whose name it would get
// is that type. Among others the struct keeps its name, before the union, the
// enumeration and the typedef, which say what they are. What then is still of
// one name gets a number, in an order that does not depend on IDs.
type goNames struct {
	types  []string            // by ID; "" for what has no name
	c      []string            // by ID: the name in C
	same   []btf.ID            // by ID: the type that is written for it
	values map[btf.ID][]string // of enumerators, by the ID of their type
}

// A scope has the names that are taken, and the number that was given last to a
// further type of that name, or 1.
type scope map[string]int

// claim returns a name that nothing else in the scope has.
func (s scope) claim(name string) string {
	got := name
	for s[got] > 0 {
		s[name]++
		got = name + "_" + strconv.Itoa(s[name])
	}
	s[got] = 1
	return got
}

// goWords are the kinds of types in the order in which they get a name, with
// what follows it if another kind has it.
var goWords = []struct {
	kind btf.Kind
	word string
}{{btf.Struct, ""}, {btf.Union, "Union"}, {btf.Enum, "Enum"}, {btf.Enum64, "Enum"}, {btf.Typedef, "Type"}}

// goRank returns the place of a kind among goWords, or -1 for kinds whose types
// have no names.
func goRank(k btf.Kind) int {
	for i, w := range goWords {
		if w.kind == k {
			return i
		}
	}
	return -1
}

// nameAll gives all types their names.
func (p *goPrinter) nameAll() {
	n := p.spec.Len()
	p.names = goNames{make([]string, n), make([]string, n), make([]btf.ID, n), make(map[btf.ID][]string)}
	p.namesInC()
	taken, s := make(scope), newSorter(p.spec)
	wishes := p.wishes(s)
	for _, wish := range slices.Sorted(maps.Keys(wishes)) {
		taken.claim(wish)
	}
	for _, wish := range slices.Sorted(maps.Keys(wishes)) {
		p.nameTypes(wish, p.merge(wishes[wish]), taken)
	}
	p.nameValues(s, taken)
}

// nameTypes gives types their names, of which the first has its wish.
func (p *goPrinter) nameTypes(wish string, ids []btf.ID, taken scope) {
	p.names.types[ids[0]] = wish
	first := goRank(p.spec.Kind(ids[0]))
	for _, id := range ids[1:] {
		name := wish
		if rank := goRank(p.spec.Kind(id)); rank != first {
			name += goWords[rank].word
		}
		p.names.types[id] = taken.claim(name)
	}
}

// namesInC finds the names of types in C. A struct, union or enumeration without
// one has that of its typedef.
func (p *goPrinter) namesInC() {
	for id := btf.ID(1); id < p.spec.Len(); id++ {
		t := p.get(id)
		if goRank(t.Kind) < 0 || t.Name == "" {
			continue
		}
		p.names.c[id] = t.Name
		if t.Kind != btf.Typedef {
			continue
		}
		for u := p.get(t.Ref()); p.step(id); u = p.get(u.Ref()) {
			if isQualifier(u.Kind) {
				continue
			}
			named := &p.names.c[u.ID]
			if goRank(u.Kind) >= 0 && u.Name == "" && (*named == "" || t.Name < *named) {
				*named = t.Name
			}
			break
		}
	}
}

func isQualifier(k btf.Kind) bool { return qualifier(k) != "" || k == btf.TypeTag }

// wishes returns the types by the names that they would have if they were alone,
// those of one name in the order in which they get one.
func (p *goPrinter) wishes(s *sorter) map[string][]btf.ID {
	wishes := make(map[string][]btf.ID)
	for id, name := range p.names.c {
		if id := btf.ID(id); name != "" && p.spend(id, len(name)) {
			wish := goName(name)
			wishes[wish] = append(wishes[wish], id)
		}
	}
	for _, ids := range wishes {
		slices.SortFunc(ids, func(a, b btf.ID) int {
			return cmp.Or(
				cmp.Compare(goRank(p.spec.Kind(a)), goRank(p.spec.Kind(b))),
				strings.Compare(p.names.c[a], p.names.c[b]),
				cmp.Compare(s.hash(a), s.hash(b)),
				cmp.Compare(a, b))
		})
	}
	return wishes
}

// merge notes which types of one name are the same, and returns the first of
// each. Of these the one is written that is closest to what they all are: a
// further one may be a typedef of a typedef of it.
func (p *goPrinter) merge(ids []btf.ID) []btf.ID {
	groups := make(map[btf.ID][]btf.ID, len(ids)) // by what they are in the end
	var ends []btf.ID
	for _, id := range ids {
		end, _ := p.end(id)
		if groups[end] == nil {
			ends = append(ends, end)
		}
		groups[end] = append(groups[end], id)
	}
	different := ids[:0]
	for _, end := range ends {
		closest := slices.MinFunc(groups[end], func(a, b btf.ID) int {
			_, m := p.end(a)
			_, n := p.end(b)
			return cmp.Compare(m, n)
		})
		for _, id := range groups[end] {
			p.names.same[id] = closest
		}
		different = append(different, closest)
	}
	return different
}

// end returns what a type stands for, and how many typedefs and qualifiers away
// that is.
func (p *goPrinter) end(id btf.ID) (btf.ID, int) {
	far := 0
	for t := p.get(id); far < maxDepth && (t.Kind == btf.Typedef || isQualifier(t.Kind)); far++ {
		t = p.get(t.Ref())
		id = t.ID
	}
	return id, far
}

// nameValues gives the enumerators their names: those of C, if these are public.
func (p *goPrinter) nameValues(s *sorter, taken scope) {
	for _, id := range sortedEnums(p.spec, s, p.names.c) {
		t := p.get(id)
		values := make([]string, 0, t.Len())
		for i := range t.Len() {
			name := t.Enumerator(i).Name
			if !p.spend(id, 1+len(name)) {
				return
			}
			values = append(values, taken.claim(goValue(name)))
		}
		p.names.values[id] = values
	}
}

// sortedEnums returns the enumerations in the order in which their values get
// names: that of the names that they have in C.
func sortedEnums(spec *btf.Spec, s *sorter, names []string) []btf.ID {
	var enums []btf.ID
	for id := btf.ID(1); id < spec.Len(); id++ {
		if k := spec.Kind(id); k == btf.Enum || k == btf.Enum64 {
			enums = append(enums, id)
		}
	}
	slices.SortFunc(enums, func(a, b btf.ID) int {
		return cmp.Or(
			strings.Compare(names[a], names[b]),
			cmp.Compare(s.hash(a), s.hash(b)),
			cmp.Compare(a, b))
	})
	return enums
}
