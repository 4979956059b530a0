package graph

// Heights of what is between rows.
const (
	rowGap   = 34
	stubLen  = 10 // the straight piece at the end of an arrow
	slope    = 8  // gaps grow by one for so many pixels that an arrow runs aside
	slopeMax = 80 // and so much at most
)

// A pen turns places into a drawing.
type pen struct {
	*ports
	sizes  []Size
	top    []int // by row: where it starts on the Y axis
	height []int // by row
	gap    []int // by row: the distance to the next one
}

func newPen(s *ports, nodes []Size) *pen {
	n := &pen{ports: s, sizes: nodes, top: make([]int, s.rows), height: make([]int, s.rows), gap: make([]int, s.rows)}
	for v, size := range nodes {
		r := n.rank[v]
		n.height[r] = max(n.height[r], size.Height)
	}
	n.measure()
	return n
}

// measure finds where rows start. Gaps are as high as arrows need that run aside in
// them.
func (n *pen) measure() {
	cross := func(row, from, to int) {
		n.gap[row] = max(n.gap[row], rowGap+min(max(from-to, to-from)/slope, slopeMax))
	}
	for e, edge := range n.edges {
		from, to := n.rank[edge.From], n.rank[edge.To]
		if i := n.along[e]; i >= 0 {
			x := n.x[n.nodes+i]
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
		d.Boxes[v] = Box{Point{n.x[v] - n.half[v], n.top[n.rank[v]]}, s}
	}
	d.Routes = make([]Route, len(n.edges))
	for e := range d.Routes {
		d.Routes[e] = n.route(e)
	}
	d.fit()
	return d
}

// route draws an arrow.
func (n *pen) route(e int) Route {
	edge := n.edges[e]
	from, to := n.rank[edge.From], n.rank[edge.To]
	r := Route{Back: n.back[e]}
	c := curve{{n.start[e], n.top[from] + n.sizes[edge.From].Height}}
	bottom := n.top[from] + n.height[from]
	c.down(bottom)
	x, end := n.end[e], n.end[e]
	if i := n.along[e]; i >= 0 {
		x, end = n.x[n.nodes+i], n.wayEnd[i]
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
