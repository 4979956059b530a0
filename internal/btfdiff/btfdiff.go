// Package btfdiff compares the types of two kernels, modules or objects.
//
// What is compared with what is decided by class and name (side.go, join.go).
// Whether it is the same is decided by what it is made of, down to the next name
// (same.go): a struct that only points to one that changed did not change. What
// has no name is compared where it is used (fields.go).
package btfdiff

import (
	"iter"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A Class is a set of types among which a name means one thing.
type Class int

// The classes, in the order in which they are reported.
const (
	Structs Class = iota // and unions, and forward declarations of both
	Enums
	Typedefs
	Numbers // integers and floating-point numbers
	Functions
	Variables
	Sections
	Classes // how many there are
)

var classNames = [Classes]string{"structs", "enums", "typedefs", "numbers", "functions", "variables", "sections"}

func (c Class) String() string { return classNames[c] }

// A Diff is a comparison of two sets of types.
type Diff struct {
	old, new side
	limit
}

// New prepares the comparison of two specs, without what belongs to their bases.
//
// The error is that of a pattern that nothing on either side matches, or that
// is malformed.
func New(old, new *btf.Spec, wanted Wanted) (*Diff, error) {
	f, err := newFilter(wanted)
	if err != nil {
		return nil, err
	}
	d := &Diff{old: newSide(old, f), new: newSide(new, f), limit: newLimit(old, new)}
	return d, f.unmatched()
}

// Findings yields what changed within a class, in order of names.
//
// The error is that of types that refer to each other without end. It is the
// last that is yielded.
func (d *Diff) Findings(c Class) iter.Seq2[*Finding, error] {
	return func(yield func(*Finding, error) bool) {
		if c == Enums {
			if f := d.constants(); f != nil && d.err == nil && !yield(f, nil) {
				return
			}
		}
		same := func(i, j int) bool { return d.compare(c, btf.ID(i), btf.ID(j)) == nil }
		for m := range d.join(d.old.classes[c], d.new.classes[c], same) {
			f := d.find(c, m)
			if d.err != nil {
				break
			}
			if f != nil && !yield(f, nil) {
				return
			}
		}
		if d.err != nil {
			yield(nil, d.err)
		}
	}
}

// find returns what changed between two types that go together, or nil.
func (d *Diff) find(c Class, m match) *Finding {
	switch {
	case m.new == none:
		f := d.old.describe(btf.ID(m.old), onOld)
		f.Change = Removed
		return f
	case m.old == none:
		f := d.new.describe(btf.ID(m.new), onNew)
		f.Change = Added
		return f
	}
	return d.compare(c, btf.ID(m.old), btf.ID(m.new))
}

// compare returns what changed between two types of one class, or nil.
func (d *Diff) compare(c Class, old, new btf.ID) *Finding {
	a, b := d.old.get(old), d.new.get(new)
	f := &Finding{Change: Changed, Kind: kindName(b), Name: b.Name}
	if was := kindName(a); was != f.Kind {
		f.Was = was
	}
	switch c {
	case Structs:
		d.structs(f, a, b)
	case Enums:
		f.Size = pair(a.Size(), b.Size())
		d.values(f, a, b)
	case Typedefs:
		d.typedefs(f, a, b)
	case Numbers:
		f.Size = pair(a.Size(), b.Size())
		f.Signed = pair(isSigned(a), isSigned(b))
	case Functions:
		d.functions(f, a, b)
	case Variables:
		f.Type = d.types(a.Ref(), b.Ref())
		f.Linkage = pair(a.Linkage().String(), b.Linkage().String())
	case Sections:
		f.Size = pair(a.Size(), b.Size())
		d.fields(f, "", frame{t: a}, frame{t: b})
	}
	if f.isEmpty() {
		return nil
	}
	return f
}

// structs compares structs and unions. Of what is only declared nothing else is
// known.
func (d *Diff) structs(f *Finding, a, b btf.Type) {
	f.Defined = pair(a.Kind != btf.Forward, b.Kind != btf.Forward)
	if a.Kind != btf.Forward && b.Kind != btf.Forward {
		f.Size = pair(a.Size(), b.Size())
		d.fields(f, "", frame{t: a}, frame{t: b})
	}
}

// typedefs compares what typedefs stand for, and what that is made of if it has
// no name.
func (d *Diff) typedefs(f *Finding, a, b btf.Type) {
	if !d.same(a.Ref(), b.Ref(), true) {
		f.Type = d.spelled(a.Ref(), b.Ref())
	}
	d.inPlace(f, "", place{typ: a.Ref()}, place{typ: b.Ref()})
}

// types returns two types spelled in C, or nil if they are the same.
func (d *Diff) types(old, new btf.ID) *Pair[string] {
	if d.same(old, new, false) {
		return nil
	}
	return d.spelled(old, new)
}
