package load

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// loadTypes gives the types of the object to the kernel. They are 0 if there are none.
func (l *loader) loadTypes() (bpf.FD, error) {
	if l.object.BTF == nil {
		return 0, nil
	}
	d := prepareTypes(l.object)
	l.nameContexts(d)
	fd, err := bpf.LoadBTF(d.Bytes(), l.token, nil)
	if err != nil && nameOptional(d) {
		fd, err = bpf.LoadBTF(d.Bytes(), l.token, nil)
	}
	for _, kind := range newKinds {
		if err == nil {
			return fd, nil
		}
		d.Without(kind)
		fd, err = bpf.LoadBTF(d.Bytes(), l.token, nil)
	}
	if err == nil {
		return fd, nil
	}
	log := make([]byte, 1<<16)
	if fd, again := bpf.LoadBTF(d.Bytes(), l.token, log); again == nil {
		return fd, nil
	}
	err = l.explain(denied.Types(), err)
	if said := lastLine(cString(log)); said != "" {
		return 0, fmt.Errorf("the kernel refuses the types of the object: %w: %s", err, said)
	}
	return 0, fmt.Errorf("the kernel refuses the types of the object: %w", err)
}

// nameOptional gives sections whose names start with "?" names that kernels before 6.10 take, and
// reports whether there are any.
func nameOptional(d *btf.Draft) (any bool) {
	for id := d.First(); id < d.Len(); id++ {
		if t, err := d.Type(id); err == nil && t.Kind == btf.Datasec && strings.HasPrefix(t.Name, "?") {
			d.Rename(id, strings.ReplaceAll(t.Name, "?", "_"))
			any = true
		}
	}
	return any
}

// newKinds are the kinds of types that not all kernels with BTF know, the latest first.
var newKinds = []btf.Kind{btf.Enum64, btf.TypeTag, btf.DeclTag, btf.Float}

// prepareTypes returns the types of an object as a kernel takes them: it knows no externs, and what
// others do not see it takes for static.
//
// Source: what the kernel says of types that it refuses (kernel/bpf/btf.c), and the types that
// the reference gives it.
func prepareTypes(o *elfobj.Object) *btf.Draft {
	d := o.BTF.Draft()
	p := preparation{d, make(map[btf.ID]*elfobj.Extern)}
	for _, e := range o.Externs {
		p.externs[e.Decl] = e
	}
	for _, name := range []string{".kconfig", ".ksyms"} {
		if section, ok := d.Section(name); ok {
			if name == ".kconfig" {
				p.settings(section)
			} else {
				p.symbols(section)
			}
		}
	}
	for _, v := range o.Variables {
		if v.Hidden && v.Linkage == btf.Global {
			p.hide(v)
		}
	}
	for _, f := range o.Funcs {
		if id, ok := f.Type(); ok && f.Hidden && !f.Static {
			d.SetLinkage(id, btf.Static)
		}
	}
	return d
}

// A preparation is the types of an object while they are changed.
type preparation struct {
	*btf.Draft
	externs map[btf.ID]*elfobj.Extern // by their declarations
}

// hide makes a variable static.
func (p preparation) hide(v *elfobj.Variable) {
	section, ok := p.Section(v.Section)
	if !ok {
		return
	}
	for i := range section.Len() {
		if x := section.Variable(i); x.Offset == v.Offset && p.Kind(x.Type) == btf.Var {
			p.SetLinkage(x.Type, btf.Static)
		}
	}
}

// settings makes variables of settings.
func (p preparation) settings(section btf.Type) {
	list := make([]btf.Variable, section.Len())
	end := uint32(0)
	for i := range list {
		list[i] = section.Variable(i)
		p.SetLinkage(list[i].Type, btf.Global)
		if e := p.externs[list[i].Type]; e != nil {
			list[i].Offset, list[i].Size = e.Offset, e.Size
			end = max(end, e.Offset+e.Size)
		}
	}
	slices.SortStableFunc(list, func(a, b btf.Variable) int { return cmp.Compare(a.Offset, b.Offset) })
	for i, v := range list {
		p.SetVariable(section.ID, i, v)
	}
	p.SetSize(section.ID, end)
}

// symbols makes variables of symbols of the kernel, whose types are its own. Functions have one in
// their place, as no section may have them.
func (p preparation) symbols(section btf.Type) {
	const size = 4
	number := p.number()
	var dummy btf.ID
	for i := range section.Len() {
		id := section.Variable(i).Type
		if p.Kind(id) == btf.Func {
			if dummy == 0 {
				dummy = p.Add(btf.Var, dummyName, uint32(number), uint32(btf.Global))
			}
			p.NameParams(p.Shape(id).Ref(), dummyName)
			p.SetLinkage(id, btf.Global)
			id = dummy
		} else {
			p.SetLinkage(id, btf.Global)
			p.SetRef(id, number)
		}
		p.SetVariable(section.ID, i, btf.Variable{Type: id, Offset: uint32(i * size), Size: size})
	}
	p.SetSize(section.ID, uint32(section.Len()*size))
}

// dummyName is the name of what has none.
const dummyName = "dummy_ksym"

// number returns an integer of 4 bytes.
func (p preparation) number() btf.ID {
	for id := btf.ID(1); id < p.Len(); id++ {
		if t := p.Shape(id); t.Kind == btf.Int {
			if _, _, bits := t.Int(); bits == 32 {
				return id
			}
		}
	}
	return p.Add(btf.Int, "int", 4, uint32(btf.Signed)<<24|32)
}
