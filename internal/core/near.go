package core

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// fieldHelp says where a field may be that a type of the kernel has not: that of step n of
// the access.
func (d *doctor) fieldHelp(types *btf.Spec, t btf.Type, n int) string {
	name := d.access.steps[n].name
	if variant := d.variant(d.isLike); variant != "" {
		return variant
	}
	if further := d.further(types, t, n); further != "" {
		return fmt.Sprintf("It has %s, which may be the same, without %s around it.", further, name)
	}
	for _, have := range members(types, t) {
		if bare(have) == bare(name) {
			return renamed(short(have))
		}
	}
	if inner := d.within(types, t, name); inner != "" {
		return fmt.Sprintf("It has %s, which may be the same, one level down.", inner)
	}
	if variant := d.variant(d.isAlone); variant != "" {
		return variant
	}
	d.suggest(name, members(types, t))
	return d.help
}

// variant finds another declaration of the type in the object that fits this kernel, and
// of which a field may be there for the missing one.
func (d *doctor) variant(stands func(*spec) bool) string {
	best := ""
	if !d.look(len(d.found)) {
		return ""
	}
	for k, f := range d.found {
		if k.typ == d.local.ID || f.match == nil || f.other != nil || !AsksField(names.Relocation(k.kind)) {
			continue
		}
		t, err := d.object.BTF.Type(k.typ)
		if err != nil || essential(t.Name) != essential(d.local.Name) || t.Name == d.local.Name {
			continue
		}
		if text := f.access.text(names.Relocation(k.kind)); (best == "" || text < best) && len(f.access.steps) > 1 && stands(f.access) {
			best = text
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("The object has another variant of the type, which fits this kernel: %s.", best)
}

// isLike reports whether a field of another variant has a name like that of the missing one.
func (d *doctor) isLike(other *spec) bool {
	for _, s := range d.access.steps {
		if _, ok := likeness(s.name, other.steps[1].name, true); ok {
			return true
		}
	}
	return false
}

// isAlone reports whether both variants have just the one field.
func (d *doctor) isAlone(other *spec) bool {
	alone := func(s *spec) bool { return len(s.steps) > 1 && s.types.Shape(s.steps[1].in).Len() == 1 }
	return alone(other) && alone(d.access)
}

// further finds a later step of the access where an earlier one is missing: what was in a
// struct of its own may be a part of the whole now.
func (d *doctor) further(types *btf.Spec, t btf.Type, n int) string {
	have := members(types, t)
	for _, s := range d.access.steps[n+1:] {
		if s.name != "" && slices.Contains(have, s.name) {
			return s.name
		}
	}
	return ""
}

// maxLooks bounds how many names are looked at to find help for all relocations of an
// object: it is worth a moment, no more.
const maxLooks = 1 << 24

// look reports whether n more names may be looked at.
func (r *resolution) look(n int) bool {
	r.looks -= n
	return r.looks >= 0
}

// maxMembers bounds how many names are looked at for one help.
const maxMembers = 1 << 14

// members returns the names of the members of a type, those within members without a name
// included.
func members(types *btf.Spec, t btf.Type) (list []string) {
	var add func(t btf.Type, depth int)
	add = func(t btf.Type, depth int) {
		if !isComposite(t.Kind) || depth == 0 {
			return
		}
		for i := 0; i < t.Len() && len(list) < maxMembers; i++ {
			m := t.Member(i)
			if m.Name != "" {
				list = append(list, m.Name)
			} else if inner, err := types.Resolve(m.Type); err == nil {
				add(inner, depth-1)
			}
		}
	}
	add(t, 4)
	return list
}

// within finds a field of a member of a type, or of what one points to.
func (d *doctor) within(types *btf.Spec, t btf.Type, name string) string {
	for i := range min(t.Len(), maxMembers) {
		m := t.Member(i)
		inner, err := types.Resolve(m.Type)
		if err != nil || m.Name == "" {
			continue
		}
		sign := "."
		if inner.Kind == btf.Pointer {
			sign = "->"
			if inner, err = types.Resolve(inner.Ref()); err != nil || inner.ID == t.ID {
				continue
			}
		}
		if isComposite(inner.Kind) && d.look(inner.Len()) && slices.Contains(members(types, inner), name) {
			return m.Name + sign + name
		}
	}
	return ""
}

// maxClose is how many names are suggested.
const maxClose = 3

// closest returns the names that are most like one that is missing.
//
// With parts, one may be a part of the other, such as inum of ns_inum.
func closest(want string, have []string, parts bool) []string {
	found := make(map[string]int)
	for _, name := range have {
		if d, ok := likeness(want, name, parts); ok {
			found[name] = d
		}
	}
	list := slices.SortedFunc(maps.Keys(found), func(a, b string) int { return cmp.Or(found[a]-found[b], strings.Compare(a, b)) })
	return list[:min(len(list), maxClose)]
}

// likeness returns how different two names are, if they might be of one thing.
func likeness(a, b string, parts bool) (int, bool) {
	if a == "" || b == "" || len(a) > 128 || len(b) > 128 {
		return 0, false
	}
	if bare(a) == bare(b) {
		return 0, true
	}
	most := min(max(len(a), len(b))/4, 3)
	if d := distance(a, b, most); d <= most {
		return d, true
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	part := strings.HasPrefix(long, short+"_") || strings.HasSuffix(long, "_"+short)
	return most + 1, parts && part && len(short)*2 >= len(long)
}

// bare returns a name without the underscores around it, such as state for __state.
func bare(name string) string { return strings.Trim(name, "_") }

// distance returns how many letters must be changed, put in or taken out to make b of a; any
// number that is larger than most if it is.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range len(b) {
			changed := before
			if a[i] != b[j] {
				changed++
			}
			before = row[j+1]
			row[j+1] = min(changed, row[j]+1, before+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return least
		}
	}
	return row[len(b)]
}

// closeTypes returns the types of a kind whose names are most like one that is missing.
func (d *doctor) closeTypes(want string, kind btf.Kind) []string {
	var have []string
	for _, x := range d.target.all() {
		entries := x.filled(&x.types).entries
		if !d.look(len(entries)) {
			return nil
		}
		for _, e := range entries {
			if !compatible(x.spec.Kind(e.id), kind) {
				continue
			}
			if typ, err := x.spec.Type(e.id); err == nil {
				have = append(have, typ.Name)
			}
		}
	}
	return closest(want, have, false)
}
