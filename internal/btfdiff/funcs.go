package btfdiff

import (
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
)

// functions compares functions: their linkage and their prototypes.
func (d *Diff) functions(f *Finding, a, b btf.Type) {
	f.Linkage = pair(a.Linkage().String(), b.Linkage().String())
	p, q := d.old.get(a.Ref()), d.new.get(b.Ref())
	if d.samePrototype(p, q) {
		return
	}
	f.Prototype = both(decl.Declare(d.old.spec, p.ID, a.Name), decl.Declare(d.new.spec, q.ID, b.Name))
	f.Result = d.types(p.Ref(), q.Ref())
	d.params(f, params(p), params(q))
}

// params returns the parameters of a prototype.
func params(t btf.Type) []btf.Param {
	list := make([]btf.Param, t.Len())
	for i := range list {
		list[i] = t.Param(i)
	}
	return list
}

// params adds what changed between parameters. Those that only got another place
// show in the prototypes.
func (d *Diff) params(f *Finding, old, new []btf.Param) {
	same := func(i, j int) bool { return d.same(old[i].Type, new[j].Type, false) }
	name := func(p btf.Param) string { return p.Name }
	place := func(i int) int { return i }
	matches := d.parts(named(old, name), named(new, name), same)
	for _, m := range rename(&d.limit, matches, place, place, same) {
		var p Field
		switch {
		case m.new == none:
			p = Field{Change: Removed, Name: old[m.old].Name, Position: one(onOld, m.old), Type: one(onOld, d.old.param(old[m.old]))}
		case m.old == none:
			p = Field{Change: Added, Name: new[m.new].Name, Position: one(onNew, m.new), Type: one(onNew, d.new.param(new[m.new]))}
		case old[m.old].Name != new[m.new].Name:
			p = Field{Change: Renamed, Name: new[m.new].Name, Was: old[m.old].Name, Position: both(m.old, m.new)}
		case !same(m.old, m.new):
			p = Field{Change: Changed, Name: new[m.new].Name, Position: both(m.old, m.new), Type: both(d.old.param(old[m.old]), d.new.param(new[m.new]))}
		default:
			continue
		}
		f.Params = append(f.Params, p)
	}
}

// param spells the type of a parameter. That of further ones is void.
func (s *side) param(p btf.Param) string {
	if p.Type == 0 {
		return "..."
	}
	return decl.Spell(s.spec, p.Type)
}
