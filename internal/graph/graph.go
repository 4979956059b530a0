// Package graph draws directed graphs in layers: it finds where boxes go and how
// arrows between them run. What the boxes stand for is left to others.
//
// Nodes stand in rows, below all that lead to them but for arrows that run back.
// Arrows leave a box at its bottom and end at the top of another. Arrows of one kind
// that lead past rows to the same node join in one straight line, a way, so
// that a hundred of them are no thicket. A drawing takes time and memory in
// proportion to n log n, whatever the graph.
package graph

// A Size is that of a node's box, in pixels as all lengths here.
type Size struct{ Width, Height int }

// An Edge is an arrow between two nodes, by their numbers. Those of one kind and
// with one aim may share a part of their way.
type Edge struct {
	From, To int
	Kind     int // small, not negative
}

// A Point is one of a drawing. Y grows downwards.
type Point struct{ X, Y int }

// A Box is where a node is.
type Box struct {
	Point // the corner at its left and top
	Size
}

// A Route is how an arrow runs.
type Route struct {
	// Curve has where it starts, and for each cubic Bézier curve that follows its two
	// control points and its end.
	Curve []Point
	Back  bool // it closes a loop
}

// A Drawing is a graph that was laid out.
type Drawing struct {
	Size
	Boxes  []Box   // by node
	Routes []Route // by edge
}

// Layout lays out a graph. The same graph always looks the same. Of several edges that
// leave a node, the first one is drawn at the left where that is no worse. It panics
// if an edge has a node that there is not.
func Layout(nodes []Size, edges []Edge) *Drawing {
	if len(nodes) == 0 {
		return &Drawing{}
	}
	w := explore(len(nodes), edges)
	l := newLayers(w, edges)
	o := newOrder(l, w)
	o.improve()
	p := newPlaces(l, o, nodes)
	p.settle()
	p.runOutside()
	return newPen(newPorts(p), nodes).draw()
}

// groups are lists of numbers, each of which belongs to one small number, in the
// order in which they were given.
type groups struct {
	start []int // where each list starts; one more for the end
	all   []int
}

// group puts the numbers 0 to n-1 into lists. key returns which one a number belongs
// to, less than lists.
func group(lists, n int, key func(int) int) groups {
	g := groups{make([]int, lists+1), make([]int, n)}
	for i := range n {
		g.start[key(i)+1]++
	}
	for i := range lists {
		g.start[i+1] += g.start[i]
	}
	next := append([]int(nil), g.start[:lists]...)
	for i := range n {
		k := key(i)
		g.all[next[k]] = i
		next[k]++
	}
	return g
}

func (g groups) of(i int) []int { return g.all[g.start[i]:g.start[i+1]] }
