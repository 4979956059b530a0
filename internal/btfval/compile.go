package btfval

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// What a type may be at the most. BTF may claim anything: of values that make
// sense, sections are the largest and bitfields have the most parts.
const (
	maxDepth     = 128                     // of types within each other
	maxSize      = min(1<<40, math.MaxInt) // bytes
	minParts     = 1 << 20                 // of types of any size
	partsPerByte = 16                      // of larger ones
	maxNames     = 64 << 20                // bytes of all names together
	textOfPart   = 64                      // bytes of a name that count as a part
)

// A layout is a node with what says how large its values can become.
type layout struct {
	node  node
	size  uint64 // bytes
	parts uint64 // that are printed, itself included; long names count as several
	depth int    // of types within each other
}

func leaf(n node, size uint32) *layout { return &layout{n, uint64(size), 1, 1} }

// include makes l large enough for a part that starts at some byte.
func (l *layout) include(at uint64, part *layout, key string) {
	l.size = max(l.size, at+part.size)
	l.parts += part.parts + uint64(len(key)/textOfPart)
	l.depth = max(l.depth, part.depth+1)
}

// check returns an error if a type with some ID is larger than it may be.
func (l *layout) check(id btf.ID) error {
	if l.size > maxSize {
		return fmt.Errorf("type %d: more than %d bytes", id, uint64(maxSize))
	}
	if limit := max(minParts, partsPerByte*l.size); l.parts > limit {
		return fmt.Errorf("type %d: more than %d parts", id, limit)
	}
	if l.depth > maxDepth {
		return tooDeep(id)
	}
	return nil
}

func tooDeep(id btf.ID) error {
	return fmt.Errorf("type %d: more than %d types within each other", id, maxDepth)
}

// A compiler makes layouts, one for each type. A type that many others have in
// common would else be laid out as often as it can be reached.
type compiler struct {
	spec  *btf.Spec
	big   bool
	done  map[btf.ID]*layout // nil while a type is being laid out
	depth int                // of types that are being laid out
	names int                // bytes of names that may still be read
}

func newCompiler(spec *btf.Spec) *compiler {
	return &compiler{spec: spec, big: spec.ByteOrder() == binary.BigEndian, done: map[btf.ID]*layout{}, names: maxNames}
}

// layout returns the layout of a type.
func (c *compiler) layout(id btf.ID) (*layout, error) {
	t, err := c.resolve(id)
	if err != nil {
		return nil, err
	}
	if l, ok := c.done[t.ID]; ok && l == nil {
		return nil, fmt.Errorf("type %d contains itself", t.ID)
	} else if ok {
		return l, nil
	}
	if c.depth == maxDepth {
		return nil, tooDeep(t.ID) // before the layout tells: the stack would be as deep
	}
	c.depth++
	c.done[t.ID] = nil
	l, err := c.lay(t)
	if err != nil {
		return nil, err
	}
	c.depth--
	if err := l.check(t.ID); err != nil {
		return nil, err
	}
	c.done[t.ID] = l
	return l, nil
}

// resolve returns what a type is without typedefs and qualifiers.
func (c *compiler) resolve(id btf.ID) (btf.Type, error) {
	t, err := c.spec.Resolve(id)
	if err != nil {
		return t, err
	}
	return t, c.read(t, t.Name)
}

// read notes that a name of a type was read, and in most cases is kept. Many
// names may be one long string, which BTF has once.
func (c *compiler) read(t btf.Type, name string) error {
	if c.names -= len(name); c.names < 0 {
		return fmt.Errorf("type %d: more than %d bytes of names", t.ID, maxNames)
	}
	return nil
}

// lay lays out a type.
func (c *compiler) lay(t btf.Type) (*layout, error) {
	switch t.Kind {
	case btf.Struct, btf.Union:
		return c.members(t)
	case btf.Array:
		return c.array(t)
	case btf.Datasec:
		return c.section(t)
	case btf.Var:
		v, err := c.layout(t.Ref())
		if err != nil {
			return nil, err
		}
		return wrap("variable", t.Name, v), nil
	case btf.Int:
		return c.int(t)
	case btf.Enum, btf.Enum64:
		return c.enumeration(t)
	case btf.Float:
		return c.float(t), nil
	case btf.Pointer:
		return leaf(&pointer{c.scalar(c.spec.PointerSize())}, c.spec.PointerSize()), nil
	case btf.Void:
		return leaf(unknown, 0), nil
	case btf.Forward:
		return leaf(forward, 0), nil
	}
	return leaf(unsupported, 0), nil
}
