package graph

import (
	"cmp"
	"slices"
)

// An order is where vertices stand in their rows.
//
// Two ways never cross: they have the same order in all rows that both pass. So each of
// them can be a straight line.
type order struct {
	*layers
	up, down groups  // links by their lower, and by their upper vertex
	row      groups  // vertices by row; all of them have their places
	place    []int   // by vertex
	key      []int64 // by vertex: what a row is sorted by

	left, right []int // room for neighbours
}

// sweeps is how often rows are sorted anew in each direction.
const sweeps = 6

// newOrder gives vertices their first places: nodes as the search met them, ways that
// run back at the left of the node where they end, others at the right of the
// one where they start.
func newOrder(l *layers, w *walk) *order {
	o := &order{layers: l,
		up:    group(len(l.rank), len(l.links), func(i int) int { return l.links[i].lower }),
		down:  group(len(l.rank), len(l.links), func(i int) int { return l.links[i].upper }),
		row:   group(l.rows, len(l.rank), func(v int) int { return l.rank[v] }),
		place: make([]int, len(l.rank)),
		key:   make([]int64, len(l.rank)),
	}
	first := o.first(w)
	for v := range o.key {
		o.key[v] = int64(first[l.item[v]])
	}
	for r := range l.rows {
		o.sort(r)
	}
	return o
}

// first returns by item what its place is derived from at first.
func (o *order) first(w *walk) []int {
	l := o.layers
	first := make([]int, l.items)
	for v, n := range w.number {
		first[v] = 2 * n
	}
	for i, way := range l.ways {
		first[l.nodes+i] = 2*len(w.number) + 1
		if way.back {
			first[l.nodes+i] = 2*w.number[way.to] - 1
		}
	}
	for e, i := range l.along {
		if i >= 0 && !l.back[e] {
			first[l.nodes+i] = min(first[l.nodes+i], 2*w.number[l.edges[e].From]+1)
		}
	}
	for _, k := range l.links { // turns belong beside their ways
		switch {
		case l.way(k.lower) != nil && l.isTurn(k.upper):
			first[l.item[k.upper]] = first[l.item[k.lower]]
		case l.way(k.upper) != nil && l.isTurn(k.lower):
			first[l.item[k.lower]] = first[l.item[k.upper]]
		}
	}
	return first
}

// sort sorts a row by key.
func (o *order) sort(r int) {
	row := o.row.of(r)
	slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(o.key[a], o.key[b]) })
	o.number(row)
}

func (o *order) number(row []int) {
	for i, v := range row {
		o.place[v] = i
	}
}

// improve looks for an order in which few links cross.
func (o *order) improve() {
	o.sweep()
	o.swap()
}

// sweep sorts rows by where neighbours stand, from above to below and back, and keeps
// the order in which the fewest links cross.
func (o *order) sweep() {
	best, fewest := slices.Clone(o.row.all), o.crossings()
	for i := 0; i < 2*sweeps && fewest > 0; i++ {
		if i%2 == 0 {
			for r := 1; r < o.rows; r++ {
				o.resort(r, r-1, o.up, func(k link) int { return k.upper })
			}
		} else {
			for r := o.rows - 2; r >= 0; r-- {
				o.resort(r, r+1, o.down, func(k link) int { return k.lower })
			}
		}
		if n := o.crossings(); n < fewest {
			fewest = n
			copy(best, o.row.all)
		}
	}
	copy(o.row.all, best)
	for r := range o.rows {
		o.number(o.row.of(r))
	}
}

// fine is by how much keys are finer than places.
const fine = 1 << 10

// resort sorts row r by the mean of the places of neighbours in the row other.
func (o *order) resort(r, other int, by groups, end func(link) int) {
	row := o.row.of(r)
	for i, v := range row {
		list := by.of(v)
		o.key[v] = int64(i) * fine
		if len(list) > 0 {
			sum := int64(0)
			for _, k := range list {
				sum += int64(o.place[end(o.links[k])])
			}
			o.key[v] = sum * fine / int64(len(list))
		}
	}
	o.sort(r)
	o.uncross(row, other)
}

// uncross lets ways that pass both a row and another one stand in the order that they
// have in the other.
func (o *order) uncross(row []int, other int) {
	var places, passing []int
	for i, v := range row {
		if w := o.way(v); w != nil && w.top <= other && other <= w.bottom {
			places = append(places, i)
			passing = append(passing, v)
		}
	}
	there := func(v int) int { return o.place[o.way(v).at(other)] }
	slices.SortFunc(passing, func(a, b int) int { return cmp.Compare(there(a), there(b)) })
	for i, v := range passing {
		row[places[i]] = v
	}
	o.number(row)
}

// crossings counts how often links cross.
func (o *order) crossings() int {
	count := 0
	var below []int
	var tree []int
	for r := range o.rows - 1 {
		below = below[:0]
		for _, v := range o.row.of(r) {
			from := len(below)
			for _, k := range o.down.of(v) {
				below = append(below, o.place[o.links[k].lower])
			}
			slices.Sort(below[from:])
		}
		size := len(o.row.of(r+1)) + 1
		tree = slices.Grow(tree[:0], size)[:size]
		clear(tree)
		count += inversions(below, tree)
	}
	return count
}

// inversions counts the pairs of a list the first of which is greater. tree is room
// for sums over ranges (a Fenwick tree), all zero, one longer than the numbers are
// great.
func inversions(list, tree []int) (count int) {
	for seen, n := range list {
		notGreater := 0
		for i := n + 1; i > 0; i &= i - 1 {
			notGreater += tree[i]
		}
		count += seen - notGreater
		for i := n + 1; i < len(tree); i += i & -i {
			tree[i]++
		}
	}
	return count
}
