package graph

// Distances between what stands beside each other in a row.
const (
	nodeGap = 40 // between two boxes
	wayGap  = 16 // between a box and a line
	lineGap = 12 // between two lines
	turnGap = 4
)

// Places are where items are: the middle of each on the X axis. An item is a
// node, a way or a turn.
type places struct {
	*layers
	x      []int
	half   []int // of the width
	beside []beside
	right  groups // beside, by the item at the left
	left   groups // beside, by the item at the right
	sorted []int  // items, each behind those at its left

	touches groups // links by item: those with an even number 2i have their upper end there, 2i+1 the lower
	wanted  []int
	other   []int
}

// A beside says that two items stand next to each other, and how far apart at least.
type beside struct{ left, right, distance int }

func newPlaces(l *layers, o *order, nodes []Size) *places {
	p := &places{layers: l, x: make([]int, l.items), half: make([]int, l.items), wanted: make([]int, l.items), other: make([]int, l.items)}
	for i, n := range nodes {
		p.half[i] = (n.Width + 1) / 2
	}
	for r := range l.rows {
		row := o.row.of(r)
		for i := 1; i < len(row); i++ {
			p.addBeside(l.item[row[i-1]], l.item[row[i]])
		}
	}
	p.right = group(l.items, len(p.beside), func(i int) int { return p.beside[i].left })
	p.left = group(l.items, len(p.beside), func(i int) int { return p.beside[i].right })
	p.sort()
	p.touches = group(l.items, 2*len(l.links), func(i int) int {
		if i%2 == 0 {
			return l.item[l.links[i/2].upper]
		}
		return l.item[l.links[i/2].lower]
	})
	return p
}

func (p *places) addBeside(a, b int) {
	gap := lineGap
	turns := p.nodes + len(p.ways)
	switch {
	case a >= turns || b >= turns:
		gap = turnGap
	case a < p.nodes && b < p.nodes:
		gap = nodeGap
	case a < p.nodes || b < p.nodes:
		gap = wayGap
	}
	p.beside = append(p.beside, beside{a, b, p.half[a] + gap + p.half[b]})
}

// sort puts items into an order from left to right. There is one since ways do not
// cross.
func (p *places) sort() {
	missing := make([]int, p.items)
	for _, b := range p.beside {
		missing[b.right]++
	}
	p.sorted = make([]int, 0, p.items)
	for i, n := range missing {
		if n == 0 {
			p.sorted = append(p.sorted, i)
		}
	}
	for done := 0; done < len(p.sorted); done++ {
		for _, k := range p.right.of(p.sorted[done]) {
			to := p.beside[k].right
			if missing[to]--; missing[to] == 0 {
				p.sorted = append(p.sorted, to)
			}
		}
	}
}

// rounds is how often items move to where their neighbours are.
const rounds = 40

// settle finds places where arrows are short.
func (p *places) settle() {
	p.project()
	for range rounds {
		for i := range p.wanted {
			p.wanted[i] = (p.x[i] + p.among(i)) / 2
		}
		p.project()
	}
}

// among returns the middle of the places of neighbours in other rows.
func (p *places) among(i int) int {
	sum, n := int64(0), int64(0)
	for _, k := range p.touches.of(i) {
		to := p.links[k/2].upper
		if k%2 == 0 {
			to = p.links[k/2].lower
		}
		if to := p.item[to]; to != i {
			sum += int64(p.x[to])
			n++
		}
	}
	if n == 0 {
		return p.x[i]
	}
	return int(sum / n)
}

// project puts items where they are wanted, as far as they keep their distances: half
// way between where they are if all give way to the right, and if all do to
// the left.
func (p *places) project() {
	copy(p.x, p.wanted)
	copy(p.other, p.wanted)
	for _, i := range p.sorted {
		for _, k := range p.right.of(i) {
			b := p.beside[k]
			p.x[b.right] = max(p.x[b.right], p.x[i]+b.distance)
		}
	}
	for n := len(p.sorted) - 1; n >= 0; n-- {
		i := p.sorted[n]
		for _, k := range p.left.of(i) {
			b := p.beside[k]
			p.other[b.left] = min(p.other[b.left], p.other[i]-b.distance)
		}
	}
	for i := range p.x {
		p.x[i] = (p.x[i] + p.other[i]) >> 1 // rounded in one direction, for distances to last
	}
}
