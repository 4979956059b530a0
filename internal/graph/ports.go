package graph

import (
	"cmp"
	"slices"
)

// Distances of the ends of arrows on the border of a box.
const (
	portGap    = 14
	portMargin = 12 // from the corners
)

// Ports are where arrows touch boxes, on the X axis.
type ports struct {
	start  []int // by edge
	end    []int // by edge that has no way
	wayEnd []int // by way
	*places
	wants []want
}

// A want is where an arrow's end would best be.
type want struct {
	at   int
	slot *int // where it will be
}

// newPorts places the ends of arrows such that as many as can run straight down. Where
// they end comes first, since a way has its place already.
func newPorts(p *places) *ports {
	edges := p.edges
	s := &ports{start: make([]int, len(edges)), end: make([]int, len(edges)), wayEnd: make([]int, len(p.ways)), places: p}
	in := group(p.nodes, len(edges), func(e int) int { return edges[e].To })
	ways := group(p.nodes, len(p.ways), func(i int) int { return p.ways[i].to })
	out := group(p.nodes, len(edges), func(e int) int { return edges[e].From })
	for v := range p.nodes {
		for _, i := range ways.of(v) {
			s.want(p.x[p.nodes+i], &s.wayEnd[i])
		}
		for _, e := range in.of(v) {
			if p.along[e] < 0 {
				s.want(p.x[edges[e].From], &s.end[e])
			}
		}
		s.spread(v)
	}
	for v := range p.nodes {
		for _, e := range out.of(v) {
			if i := p.along[e]; i >= 0 {
				s.want(p.x[p.nodes+i], &s.start[e])
			} else {
				s.want(s.end[e], &s.start[e])
			}
		}
		s.spread(v)
	}
	return s
}

func (s *ports) want(at int, slot *int) { s.wants = append(s.wants, want{at, slot}) }

// spread gives the ends of arrows that are wanted their places on the border of node v.
func (s *ports) spread(v int) {
	slices.SortStableFunc(s.wants, func(a, b want) int { return cmp.Compare(a.at, b.at) })
	margin := min(portMargin, s.half[v])
	low, high := s.x[v]-s.half[v]+margin, s.x[v]+s.half[v]-margin
	last := len(s.wants) - 1
	// Where there is not enough room for the gaps, they are all the same, or none.
	gap := portGap
	if last > 0 {
		gap = min(gap, (high-low)/last)
	}
	for i, w := range s.wants {
		at := max(w.at, low+i*gap)
		if i > 0 {
			at = max(at, *s.wants[i-1].slot+gap)
		}
		*w.slot = at
	}
	for i, w := range s.wants {
		*w.slot = min(*w.slot, high-(last-i)*gap)
	}
	s.wants = s.wants[:0]
}
