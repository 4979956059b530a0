package btfval

import (
	"fmt"

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
		l, err := c.bits(t, shift, width, encoding&btf.Signed != 0 && width != maxWidth)
		if err != nil {
			return nil, err
		}
		l.size = uint64(size)
		return l, nil
	}
	s := c.scalar(size)
	switch {
	case encoding&btf.Char != 0 && size == 1:
		return leaf(character{}, size), nil
	case encoding&btf.Bool != 0:
		return leaf(boolean{s}, size), nil
	case encoding&btf.Signed != 0:
		return leaf(signed{s}, size), nil
	}
	return leaf(unsigned{s}, size), nil
}

// float lays out a Float. Those of more than 8 bytes, of which there are several
// kinds, are spelt like integers without a sign.
func (c *compiler) float(t btf.Type) *layout {
	switch t.Size() {
	case 2, 4, 8:
		return leaf(float{c.scalar(t.Size())}, t.Size())
	case 12, 16:
		return leaf(newBits(0, uint(8*t.Size()), c.big, false), t.Size())
	}
	return leaf(unsupported, t.Size())
}
