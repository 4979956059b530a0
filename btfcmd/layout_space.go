package btfcmd

// A space follows which bits of a struct are used.
type space struct {
	Sums
	base  uint64 // bytes from the start of the outermost struct
	block *Block
	end   uint64 // bits, of the last member
	storage
}

// A storage is what a row of bitfields lies in: as much as the largest of their
// types takes, and once more for those that go beyond. It is empty unless the
// last member is a bitfield.
//
// The bits of it that no field uses are bit holes, or bit padding at the end of
// the struct. All else that nothing uses is bytes.
type storage struct{ width, end uint64 } // bits

// add goes on to a member of a struct, whose type asks for an alignment in bytes.
func (s *space) add(p *Place, align uint32) {
	offset := 8 * (p.Offset - s.base)
	if p.Bits == nil {
		p.Align = forced((s.end+7)/8, offset/8, align)
		if p.Align != 0 {
			s.Forced++
		}
		s.holes(offset, offset)
		s.end, s.storage = offset+8*p.Size, storage{}
		s.Bytes += p.Size
		return
	}
	start := p.BitOffset - 8*s.base
	s.holes(offset, start)
	s.end = start + uint64(p.Bits.Bits)
	if width := 8 * p.Size; s.end > s.storage.end || width > s.width {
		s.storage = storage{width, offset + width}
		if s.end > s.storage.end {
			s.storage.end += width
		}
	}
	s.Bitfields += uint64(p.Bits.Bits)
}

// holes adds what is unused before a member that begins at start, in a storage
// that begins at offset.
func (s *space) holes(offset, start uint64) {
	s.bitHole(min(s.storage.end, start))
	if offset > s.end && offset <= start {
		s.hole(offset)
	}
	s.bitHole(start)
}

// hole adds a hole of whole bytes up to a bit.
func (s *space) hole(to uint64) {
	h := Hole{Offset: s.base + s.end/8, Size: to/8 - s.end/8, before: len(s.block.Members)}
	s.block.Holes = append(s.block.Holes, h)
	s.Holes++
	s.HoleBytes += h.Size
	s.end = to
}

// bitHole adds a hole of bits up to a bit, if there is room.
func (s *space) bitHole(to uint64) {
	if to <= s.end {
		return
	}
	bits := Bits{8*s.base + s.end, uint32(to - s.end)}
	s.block.Holes = append(s.block.Holes, Hole{Offset: bits.BitOffset / 8, Bits: &bits, before: len(s.block.Members)})
	s.BitHoles++
	s.HoleBits += uint64(bits.Bits)
	s.end = to
}

// finish adds what is unused at the end of a struct, whose members ask for an
// alignment in bytes.
func (s *space) finish(align uint32) {
	size := uint64(s.block.Size)
	s.block.Align = forced((s.end+7)/8, size, align)
	if end := min(s.storage.end, 8*size); end > s.end {
		s.BitPadding = end - s.end
		s.end = end
	}
	if size > s.end/8 {
		s.Padding = size - s.end/8
	}
}

// maxForced is the largest alignment that is thought of, in bytes: a page.
const maxForced = 4096

// forced returns the alignment that puts what follows end at offset, both in
// bytes, if the one that it has by itself does not: see [Place.Align].
func forced(end, offset uint64, align uint32) uint32 {
	if next(end, align) >= offset {
		return 0
	}
	for a := 2 * align; a <= maxForced; a *= 2 {
		switch {
		case next(end, a) != offset:
		case a < cacheline && next(end, cacheline) == offset:
			return cacheline
		default:
			return a
		}
	}
	return 0
}

// next returns the next multiple of an alignment.
func next(n uint64, align uint32) uint64 {
	a := uint64(align)
	return (n + a - 1) / a * a
}
