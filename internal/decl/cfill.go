package decl

// A gap is space between the fields of a struct, or behind them.
type gap struct {
	from, to uint64 // bits from the start of the struct
	align    uint64 // bits, of what follows
	bitfield bool   // it is between two bitfields
}

// A filler is a type of padding.
type filler struct {
	name string
	bits uint64
}

// fillers returns the types of padding, the largest first.
func (p *cPrinter) fillers() [4]filler {
	return [4]filler{{"long", 8 * uint64(p.pointer)}, {"int", 32}, {"short", 16}, {"char", 8}}
}

// fill yields the unnamed bitfields that make the fields of a struct come where
// they are. One of 0 bits goes on at the next multiple of its type.
//
// Alignment makes some holes by itself, which are left to it.
func (p *cPrinter) fill(g gap, yield func(name string, bits uint64) bool) {
	if g.from >= g.to {
		return
	}
	fillers := p.fillers()
	unit := fillers[len(fillers)-1]
	for _, f := range fillers {
		if roundUp(g.from, f.bits) <= g.to {
			unit = f
			break
		}
	}
	if next := roundUp(g.from, unit.bits); next > g.from && next <= g.to {
		bits, needed := g.start(next)
		if needed && !yield(unit.name, bits) {
			return
		}
		g.from = next
	}
	for ; g.to-g.from >= unit.bits; g.from += unit.bits {
		if !yield(unit.name, unit.bits) {
			return
		}
	}
	rest := g.to - g.from
	for i := len(fillers) - 1; i >= 0 && rest > 0; i-- {
		if fillers[i].bits >= rest {
			yield(fillers[i].name, rest)
			return
		}
	}
}

// start returns the bitfield that takes a gap to next, the first multiple of its
// type, and whether one is needed.
func (g gap) start(next uint64) (bits uint64, needed bool) {
	switch {
	case g.bitfield:
		return next - g.from, true
	case next == g.to:
		return 0, roundUp(g.from, g.align) != next
	}
	return 0, g.to-next <= next-g.from
}
