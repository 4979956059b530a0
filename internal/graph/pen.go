package graph

import (
	"cmp"
	"container/heap"
	"slices"
)

// Heights of what is between rows.
const (
	rowGap   = 34
	stubLen  = 10 // the straight piece at the end of an arrow
	slope    = 8  // gaps grow by one for so many pixels that an arrow runs aside
	slopeMax = 80 // and so much at most
)

// A pen turns places into a drawing.
type pen struct {
	*layers
	*ports
	sizes  []Size
	x      []int // by item
	top    []int // by row: where it starts on the Y axis
	height []int // by row
	gap    []int // by row: the distance to the next one
}

func newPen(l *layers, p *places, nodes []Size, edges []Edge) *pen {
	n := &pen{layers: l, sizes: nodes, x: p.x, top: make([]int, l.rows), height: make([]int, l.rows), gap: make([]int, l.rows)}
	n.runOutside(p)
	n.ports = newPorts(p, edges)
	for v, s := range nodes {
		r := l.rank[v]
		n.height[r] = max(n.height[r], s.Height)
	}
	n.measure()
	return n
}

// runOutside gives lines at the right of all else to the ways that have no vertices.
// Those that pass no row both share one.
func (n *pen) runOutside(p *places) {
	edge := 0
	for i, x := range p.x {
		edge = max(edge, x+p.half[i])
	}
	var list []int
	for i, w := range n.layers.ways {
		if w.first < 0 {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(n.layers.ways[a].top, n.layers.ways[b].top) })
	free := &lanes{}
	count := 0
	for _, i := range list {
		w := n.layers.ways[i]
		use := lane{number: count}
		if free.Len() > 0 && (*free)[0].bottom+1 < w.top {
			use = heap.Pop(free).(lane)
		} else {
			count++
		}
		use.bottom = w.bottom
		heap.Push(free, use)
		p.x[n.layers.nodes+i] = edge + nodeGap + use.number*lineGap
	}
}

// A lane is a line outside, and the last row where it is taken.
type lane struct{ number, bottom int }

// Lanes are a heap of them: the one that is free first comes first.
type lanes []lane

func (l lanes) Len() int { return len(l) }
func (l lanes) Less(i, j int) bool {
	return l[i].bottom < l[j].bottom || l[i].bottom == l[j].bottom && l[i].number < l[j].number
}
func (l lanes) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *lanes) Push(x any)   { *l = append(*l, x.(lane)) }
func (l *lanes) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// measure finds where rows start. Gaps are as high as arrows need that run aside in
// them.
func (n *pen) measure() {
	cross := func(row, from, to int) {
		n.gap[row] = max(n.gap[row], rowGap+min(max(from-to, to-from)/slope, slopeMax))
	}
	for e, edge := range n.layers.edges {
		from, to := n.layers.rank[edge.From], n.layers.rank[edge.To]
		if i := n.along[e]; i >= 0 {
			x := n.x[n.layers.nodes+i]
			cross(from, n.start[e], x)
			cross(to-1, x, n.wayEnd[i])
		} else {
			cross(from, n.start[e], n.end[e])
		}
	}
	for r := 1; r < n.rows; r++ {
		n.top[r] = n.top[r-1] + n.height[r-1] + n.gap[r-1]
	}
}

func (n *pen) draw() *Drawing {
	d := &Drawing{Boxes: make([]Box, len(n.sizes))}
	for v, s := range n.sizes {
		d.Boxes[v] = Box{Point{n.x[v] - n.half[v], n.top[n.layers.rank[v]]}, s}
	}
	d.Routes = make([]Route, len(n.layers.edges))
	for e := range d.Routes {
		d.Routes[e] = n.route(e)
	}
	d.fit()
	return d
}

// route draws an arrow.
func (n *pen) route(e int) Route {
	edge := n.layers.edges[e]
	from, to := n.layers.rank[edge.From], n.layers.rank[edge.To]
	r := Route{Back: n.back[e]}
	c := curve{{n.start[e], n.top[from] + n.sizes[edge.From].Height}}
	bottom := n.top[from] + n.height[from]
	c.down(bottom)
	x, end := n.end[e], n.end[e]
	if i := n.along[e]; i >= 0 {
		x, end = n.x[n.layers.nodes+i], n.wayEnd[i]
	}
	stub := n.top[to] - stubLen
	switch {
	case r.Back:
		c.turn(x, n.gap[from]*9/10)
		c.down(n.top[to])
		c.turn(end, -n.gap[to-1]*9/10)
	case n.along[e] >= 0:
		c.aside(x, n.top[from+1]-stubLen)
		c.down(n.top[to-1] + n.height[to-1])
		c.aside(end, stub)
	default:
		c.aside(end, stub)
	}
	c.down(n.top[to])
	r.Curve = c
	return r
}

// A curve is being drawn.
type curve []Point

func (c *curve) end() Point { return (*c)[len(*c)-1] }

// down draws a straight line to a height, upwards as well. It makes the line longer
// that is there, if one ends here.
func (c *curve) down(y int) {
	at := c.end()
	if at.Y == y {
		return
	}
	if n := len(*c); n >= 4 && (*c)[n-4].X == at.X && (*c)[n-3].X == at.X && (*c)[n-2] == at {
		*c = (*c)[:n-3]
	}
	*c = append(*c, c.end(), Point{at.X, y}, Point{at.X, y})
}

// aside draws a line to a point below, that starts and ends vertically.
func (c *curve) aside(x, y int) {
	at := c.end()
	if at.X == x {
		c.down(y)
		return
	}
	middle := (at.Y + y) / 2
	*c = append(*c, Point{at.X, middle}, Point{x, middle}, Point{x, y})
}

// turn draws a line round to a point at the same height. It is as deep as three
// quarters of depth.
func (c *curve) turn(x, depth int) {
	at := c.end()
	*c = append(*c, Point{at.X, at.Y + depth}, Point{x, at.Y + depth}, Point{x, at.Y})
}

// fit moves the drawing to where its coordinates start at zero, and measures it.
func (d *Drawing) fit() {
	low, high := d.Boxes[0].Point, d.Boxes[0].Point
	include := func(p Point) {
		low = Point{min(low.X, p.X), min(low.Y, p.Y)}
		high = Point{max(high.X, p.X), max(high.Y, p.Y)}
	}
	for _, b := range d.Boxes {
		include(b.Point)
		include(Point{b.X + b.Width, b.Y + b.Height})
	}
	for _, r := range d.Routes {
		for _, p := range r.Curve {
			include(p)
		}
	}
	for i := range d.Boxes {
		d.Boxes[i].X -= low.X
		d.Boxes[i].Y -= low.Y
	}
	for _, r := range d.Routes {
		for i := range r.Curve {
			r.Curve[i].X -= low.X
			r.Curve[i].Y -= low.Y
		}
	}
	d.Size = Size{high.X - low.X, high.Y - low.Y}
}
