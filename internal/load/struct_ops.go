package load

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A structValue is a struct of functions as the kernel has it: what its map is made of, and the
// value that puts it into force.
//
// The kernel's struct is within another one, which has the reference count and the state of the
// value: struct bpf_struct_ops_NAME.
type structValue struct {
	inner found // the struct
	outer found // the one around it
	at    int   // where that has it, in bytes
	bytes []byte
	funcs []structFunc
}

// A structFunc is a function of a struct.
type structFunc struct {
	program *elfobj.Func
	member  int // its number in the kernel's struct
	at      int // of its descriptor in the value, in bytes
}

// structValue returns the value of a struct of functions.
func (l *loader) structValue(m *elfobj.Map) (*structValue, error) {
	if v := l.structs[m]; v != nil {
		return v, nil
	}
	t, err := l.object.BTF.Type(m.Type)
	if err != nil {
		return nil, err
	}
	name := core.Essential(t.Name)
	v := &structValue{}
	if v.inner, v.outer, err = l.structOf(name); err != nil {
		return nil, err
	}
	spec := l.kernel.spec(v.outer)
	outer := spec.Shape(v.outer.id)
	v.bytes = make([]byte, outer.Size())
	for i := range outer.Len() {
		if p := outer.Place(i); p.Type == v.inner.id {
			v.at = int(p.Offset / 8)
		}
	}
	c := structCopy{l: l, m: m, v: v, to: spec}
	if err := c.members(t); err != nil {
		return nil, fmt.Errorf("struct %s: %w", name, err)
	}
	l.structs[m] = v
	return v, nil
}

// A structCopy copies a struct of an object, member for member by their names, to where the
// kernel has them.
type structCopy struct {
	l  *loader
	m  *elfobj.Map
	v  *structValue
	to *btf.Spec
}

func (c *structCopy) members(t btf.Type) error {
	theirs := make(map[string]int)
	kernel := c.to.Shape(c.v.inner.id)
	for i := range kernel.Len() {
		theirs[kernel.Member(i).Name] = i
	}
	for i := range t.Len() {
		local := t.Member(i)
		n, ok := theirs[core.Essential(local.Name)]
		if !ok {
			if err := c.missing(local); err != nil {
				return fmt.Errorf("member %s: %w", local.Name, err)
			}
			continue
		}
		if err := c.member(local, n, kernel.Place(n)); err != nil {
			return fmt.Errorf("member %s: %w", local.Name, err)
		}
	}
	return nil
}

// bytesOf returns what the object has for a member.
func (c *structCopy) bytesOf(local btf.Member) ([]byte, error) {
	size, err := c.l.object.BTF.SizeOf(local.Type)
	if err != nil {
		return nil, err
	}
	at := uint64(local.Offset / 8)
	if end := at + size; end > uint64(len(c.m.Data)) || end < at {
		return nil, fmt.Errorf("ends at %d of %d bytes", end, len(c.m.Data))
	}
	return c.m.Data[at:][:size], nil
}

// slot returns the function that the object has for a member, or nil.
func (c *structCopy) slot(local btf.Member) *elfobj.Func {
	for _, s := range c.m.Slots {
		if s.Index == int(local.Offset/8) {
			return s.Func
		}
	}
	return nil
}

// missing is for a member that the kernel does not have: that does no harm if it is zero. Its
// program is of no use then.
func (c *structCopy) missing(local btf.Member) error {
	b, err := c.bytesOf(local)
	if err != nil {
		return err
	}
	if c.slot(local) != nil || slices.ContainsFunc(b, func(x byte) bool { return x != 0 }) {
		return fmt.Errorf("the kernel has none of that name; what is not set does no harm")
	}
	return nil
}

// member copies a member to number n of the kernel's struct.
func (c *structCopy) member(local btf.Member, n int, kernel btf.Member) error {
	a, err := c.l.object.BTF.Resolve(local.Type)
	if err != nil {
		return err
	}
	b, err := c.to.Resolve(kernel.Type)
	if err != nil {
		return err
	}
	if local.Bits != 0 || kernel.Bits != 0 {
		return fmt.Errorf("it is a bitfield, which cannot be set")
	}
	if a.Kind != b.Kind && !(isEnum(a) && isEnum(b)) {
		return fmt.Errorf("the kernel's has another kind of type")
	}
	if a.Kind == btf.Pointer {
		return c.pointer(local, n, kernel)
	}
	from, err := c.bytesOf(local)
	if err != nil {
		return err
	}
	size, err := c.to.SizeOf(kernel.Type)
	if err != nil {
		return err
	}
	at := c.v.at + int(kernel.Offset/8)
	if size != uint64(len(from)) || at+len(from) > len(c.v.bytes) {
		return fmt.Errorf("it has %d bytes, the kernel's %d", len(from), size)
	}
	copy(c.v.bytes[at:], from)
	return nil
}

func isEnum(t btf.Type) bool { return t.Kind == btf.Enum || t.Kind == btf.Enum64 }

// pointer notes the function of a member, if there is one.
func (c *structCopy) pointer(local btf.Member, n int, kernel btf.Member) error {
	f := c.slot(local)
	if f == nil {
		return nil
	}
	at := c.v.at + int(kernel.Offset/8)
	if at+8 > len(c.v.bytes) {
		return fmt.Errorf("ends at %d of %d bytes", at+8, len(c.v.bytes))
	}
	c.v.funcs = append(c.v.funcs, structFunc{f, n, at})
	return nil
}

// complete puts the descriptors of the programs into the values of structs of functions.
func (l *loader) complete() {
	for _, m := range l.Maps {
		if m.ops == nil {
			continue
		}
		for _, f := range m.ops.funcs {
			if p := l.program(f.program); p != nil {
				binary.NativeEndian.PutUint64(m.ops.bytes[f.at:], uint64(p.FD))
			}
		}
	}
}
