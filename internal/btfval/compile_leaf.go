package btfval

import (
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
)

func (c *compiler) scalar(size uint32) scalar { return scalar{uint8(size), c.big} }

// int lays out an Int.
func (c *compiler) int(t btf.Type) (*layout, error) {
	encoding, shift, width := t.Int()
	size := t.Size()
	if uint64(shift)+uint64(width) > 8*uint64(size) {
		return nil, fmt.Errorf("type %d: %d bits after %d others in %d bytes", t.ID, width, shift, size)
	}
	if !isScalar(size) || width != 8*size {
		// bpftool has no sign for those of 128 bits. Others get the one that it
		// forgets: without, they would be other numbers.
		isSigned := encoding&btf.Signed != 0
		n, err := c.bits(t, shift, width, isSigned && width != maxWidth)
		if err != nil {
			return nil, err
		}
		if n.typ = strings.Clone(t.Name); isSigned && width == maxWidth {
			n.sign = either
		}
		return leaf(n, size), nil
	}
	s, typ := c.scalar(size), strings.Clone(t.Name)
	isChar := typ == "char" && size == 1
	switch {
	case encoding&btf.Char != 0 && size == 1:
		return leaf(&character{integer{s, either, true, typ}}, size), nil
	case encoding&btf.Bool != 0:
		return leaf(&boolean{s, typ}, size), nil
	case encoding&btf.Signed != 0:
		return leaf(&signed{integer{s, negative, isChar, typ}}, size), nil
	}
	return leaf(&unsigned{integer{s, positive, isChar, typ}}, size), nil
}

// float lays out a Float. Those of more than 8 bytes, of which there are several
// kinds, are spelt like integers without a sign.
func (c *compiler) float(t btf.Type) *layout {
	switch t.Size() {
	case 2, 4, 8:
		return leaf(&float{c.scalar(t.Size()), strings.Clone(t.Name)}, t.Size())
	case 12, 16:
		n := newBits(0, uint(8*t.Size()), c.big, false)
		n.typ = strings.Clone(t.Name)
		return leaf(n, t.Size())
	}
	return leaf(unsupported, t.Size())
}
