package core

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/names"
)

// reason says why a question has no answer, or the answer no, and what may help.
func (r *resolution) reason(res *Result, f *finding) *Reason {
	if res.refusal != nil {
		return r.refused(res.refusal)
	}
	if f.reason != nil {
		return f.reason
	}
	d := doctor{resolution: r, finding: f, kind: res.Kind}
	d.local, _ = r.object.BTF.Type(res.Local)
	cause := d.cause()
	f.reason = &Reason{Cause: cause, Help: d.help}
	if text := r.strangers(); text != "" && res.Outcome != Ambiguous {
		f.reason.Help = text
	}
	return f.reason
}

// refused is the reason of a relocation that cannot be done.
func (r *resolution) refused(err error) *Reason {
	const all = "libbpf refuses the whole object for it. "
	var limit *limitError
	switch {
	case errors.As(err, &limit):
		return &Reason{"The instruction cannot be adapted: " + err.Error() + ".", all + "Read the field with BPF_CORE_READ, which computes its address."}
	case err == errNameless:
		return &Reason{"The relocation makes no sense: " + err.Error() + ".", all + "Give the type the name of the kernel's type that is meant."}
	case err == errWide:
		return &Reason{"The field cannot be read: " + err.Error() + ".", all + "Read the bytes around the bitfield by themselves."}
	}
	return &Reason{"The relocation makes no sense: " + err.Error() + ".", all + "The object was changed after it was compiled, or the compiler has an error."}
}

// A doctor finds out why a question has no answer.
type doctor struct {
	*resolution
	*finding
	kind  names.Relocation
	local btf.Type // what is asked about
	help  string
}

// cause returns what is wrong, and sets the help.
func (d *doctor) cause() string {
	list := d.target.candidates(d.local)
	switch {
	case d.other != nil:
		return d.ambiguous()
	case d.match != nil:
		return d.sizes()
	case len(list) == 0:
		return d.typeAbsent()
	case AsksField(d.kind):
		return d.fieldAbsent(list[0])
	case asksValue(d.kind):
		return d.valueAbsent(list[0])
	}
	d.help = "The object's declaration is of another version of the kernel, or of something else of that name."
	return fmt.Sprintf("%s of %s is not like that of the object.", Title(list[0].from.spec, list[0].id), list[0].from.owner())
}

// owner names the kernel or a module.
func (x *index) owner() string {
	if x.name == "" {
		return "this kernel"
	}
	return "the module " + x.name
}

func (d *doctor) ambiguous() string {
	d.help = "libbpf cannot tell which one is meant, and refuses the whole object. " +
		"Several parts of the kernel have types of that name; one that only one of them uses may lead to the right one."
	name := Title(d.object.BTF, d.local.ID)
	say := func(x *index, s *spec) string {
		switch {
		case AsksField(d.kind) && d.match.bits != d.otherSpec.bits:
			return fmt.Sprintf("%s is at byte %s of type %d of %s", strings.TrimPrefix(s.way(), "."), byteText(s.bits), s.root, x.owner())
		case d.kind == targetID:
			return fmt.Sprintf("type %d of %s is one", s.root, x.owner())
		}
		a, _ := s.read(d.kind, d.object.Order)
		return fmt.Sprintf("the answer is %d by type %d of %s", int64(a.value), s.root, x.owner())
	}
	return fmt.Sprintf("There are several types that are called %s: %s, and %s.", name, say(d.from, d.match), say(d.other.from, d.otherSpec))
}

// byteText spells a number of bits.
func byteText(bits uint32) string {
	if bits%8 != 0 {
		return fmt.Sprintf("%d, bit %d", bits/8, bits%8)
	}
	return fmt.Sprint(bits / 8)
}

// sizes is of a field whose size changed so that the instruction cannot be adapted.
func (d *doctor) sizes() string {
	d.help = "An instruction can be adapted to another size only where it reads a pointer, or a number without a sign. " +
		"BPF_CORE_READ_BITFIELD reads numbers of any size, with their signs."
	return fmt.Sprintf("The field %s has %d bytes on this kernel and %d in the object.", d.match.text(d.kind), d.answer.target.size, d.answer.local.size)
}

// typeAbsent is of a type that nothing has the name and kind of.
func (d *doctor) typeAbsent() string {
	name := essential(d.local.Name)
	want := keyword(d.local) + short(name)
	for _, x := range d.target.all() {
		for t := range x.called(name) {
			switch {
			case t.Kind == btf.Forward && isComposite(d.local.Kind):
				return d.declared(want)
			case d.local.Kind == btf.Forward && isComposite(t.Kind):
				d.help = "The compiler leaves out of an object's BTF what it does not need to know. Define the type in the object, with the fields that it uses, and use one of them."
				return fmt.Sprintf("The object only declares %s, which does not stand for the definition that %s has.", want, x.owner())
			}
			d.help = "The object must declare it as the kernel does."
			return fmt.Sprintf("The object asks for %s, but on %s that is %s.", want, x.owner(), Title(x.spec, t.ID))
		}
	}
	d.help = "The kernel is too old or too new for it, is built without that part, or the type is of a module that is not loaded."
	if close := d.closeTypes(name, d.local.Kind); len(close) > 0 {
		d.help = fmt.Sprintf("It has %s, which may be the type under another name.", list(close))
	}
	return fmt.Sprintf("This kernel has no %s.", want)
}

// declared is of a type of which the kernel only knows that somebody defines it.
func (d *doctor) declared(name string) string {
	if len(d.target.modules) == 0 {
		d.help = "It is a module's that is not loaded, or whose types were not named. Load the module, or name its BTF, too."
		return fmt.Sprintf("This kernel only declares %s, and defines it nowhere.", name)
	}
	d.help = "The compiler leaves out of BTF what it does not need to know, or it is another module's, which is not loaded."
	return fmt.Sprintf("This kernel only declares %s, and neither it nor its modules here (%d) define it.", name, len(d.target.modules))
}

func (t *Target) all() []*index { return append([]*index{t.kernel}, t.modules...) }

// valueAbsent is of an enumerator that an enumeration has not.
func (d *doctor) valueAbsent(c candidate) string {
	want := essential(d.access.last().name)
	t, err := c.from.spec.Resolve(c.id)
	if err != nil || !isEnum(t.Kind) {
		return fmt.Sprintf("%s is no enumeration on %s.", Title(c.from.spec, c.id), c.from.owner())
	}
	var have []string
	for i := range t.Len() {
		have = append(have, t.Enumerator(i).Name)
	}
	d.suggest(want, have)
	return fmt.Sprintf("%s has no %s on %s.", Title(c.from.spec, c.id), short(want), c.from.owner())
}

// suggest sets the help to names like that which is not there.
func (d *doctor) suggest(want string, have []string) {
	if close := closest(want, have, true); len(close) > 0 {
		d.help = renamed(list(close))
		return
	}
	d.help = "The kernel is too old or too new for it, or built without it."
}

// renamed suggests names for one that is missing.
func renamed(names string) string {
	return fmt.Sprintf("It has %s, which may be the same under another name.", names)
}

// list puts words together.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// fieldAbsent is of a field that a type has not, or not as the object needs it.
func (d *doctor) fieldAbsent(c candidate) string {
	found := &spec{types: c.from.spec, root: c.id}
	m := d.matcher(c.from.spec)
	id := c.id
	for i, local := range d.access.steps {
		t, err := c.from.spec.Resolve(id)
		if err != nil {
			break
		}
		if local.name == "" && i == 0 {
			_ = found.repeat(t.ID, local.index)
			continue
		}
		if local.name == "" {
			next, ok, err := found.nextElement(t, local.index)
			if err != nil || !ok {
				return d.noElement(c, t, local.index, found)
			}
			id = next
			continue
		}
		next, ok, err := m.member(local, t, found)
		if ok {
			id = next
			continue
		}
		if err == nil && next != 0 {
			return d.changed(c, t, local, next)
		}
		return d.noMember(c, t, i)
	}
	return fmt.Sprintf("%s of %s is not like that of the object.", Title(c.from.spec, c.id), c.from.owner())
}

func (d *doctor) noElement(c candidate, t btf.Type, n int, found *spec) string {
	what := found.text(byteOffset)
	if t.Kind != btf.Array {
		d.help = "The object's declaration of it is of another version of the kernel."
		return fmt.Sprintf("%s is no array on %s, but %s.", what, c.from.owner(), decl.Spell(c.from.spec, t.ID))
	}
	_, _, length := t.Array()
	d.help = "The array is shorter than on the kernel that the object was made for."
	return fmt.Sprintf("%s has %d elements on %s, and none with number %d.", what, length, c.from.owner(), n)
}

// changed is of a field that is there and has a type that the program cannot read.
func (d *doctor) changed(c candidate, t btf.Type, local step, id btf.ID) string {
	own := d.object.BTF.Shape(local.in).Place(local.index).Type
	d.help = fmt.Sprintf("Declare it as on this kernel, in a second variant of the type if others are to be supported, too: %s___other.", Title(c.from.spec, t.ID))
	return fmt.Sprintf("The field %s of %s is %s on %s, but %s in the object.", short(local.name), Title(c.from.spec, t.ID), decl.Spell(c.from.spec, id), c.from.owner(), decl.Spell(d.object.BTF, own))
}

// noMember is of a field that a type has not.
func (d *doctor) noMember(c candidate, t btf.Type, n int) string {
	name := d.access.steps[n].name
	if !isComposite(t.Kind) {
		d.help = "The object's declaration of it is of another version of the kernel."
		return fmt.Sprintf("%s, which should have a field %s, is %s on %s.", d.way(n), short(name), decl.Spell(c.from.spec, t.ID), c.from.owner())
	}
	d.help = d.fieldHelp(c.from.spec, t, n)
	what := d.way(n)
	if t.Name != "" {
		what = Title(c.from.spec, t.ID)
	}
	return fmt.Sprintf("%s has no field %s on %s.", what, short(name), c.from.owner())
}

// way spells the first steps of what the object asks for.
func (d *doctor) way(n int) string {
	part := &spec{types: d.access.types, root: d.access.root, steps: d.access.steps[:n]}
	return part.text(byteOffset)
}
