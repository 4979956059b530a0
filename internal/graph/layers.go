package graph

import (
	"cmp"
	"slices"
)

// Layers are a graph as it is laid out: vertices in rows, and links between vertices
// of rows that are neighbours.
//
// The first vertices are the nodes. Then come the parts of ways, one for each
// row that a way passes, from above to below. The last ones are turns, where arrows
// turn round that run back: they take no place and keep things together.
type layers struct {
	edges []Edge
	back  []bool // by edge
	ways  []way
	along []int // by edge: its way, or -1 if it leads to the next row

	nodes int
	rank  []int // by vertex
	rows  int
	item  []int // by vertex: what it is a part of: a node, a way, a turn, in that order
	items int
	links []link
}

// A link is between a vertex and one in the row below.
type link struct{ upper, lower int }

// A way is a vertical line that is shared by arrows.
type way struct {
	to, kind    int
	back        bool
	top, bottom int // the first and the last row that it passes
	first       int // its vertex in row top, or -1 if it runs outside of all rows
}

// waysPerNode is how many rows the ways may pass in all, for each node. Ways
// beyond that run outside: each row that one passes takes memory.
const waysPerNode = 8

func newLayers(w *walk, edges []Edge) *layers {
	l := &layers{edges: edges, back: w.back, nodes: len(w.rank), rank: slices.Clone(w.rank)}
	l.findWays()
	l.rows = slices.Max(l.rank) + 2
	l.item = make([]int, l.nodes)
	for v := range l.item {
		l.item[v] = v
	}
	l.addWays()
	l.items = l.nodes + len(l.ways)
	for e := range edges {
		if l.along[e] < 0 {
			l.links = append(l.links, link{edges[e].From, edges[e].To})
		}
	}
	l.joinWays()
	return l
}

// findWays gives edges their ways.
func (l *layers) findWays() {
	type aim struct {
		to, kind int
		back     bool
	}
	known := make(map[aim]int)
	l.along = make([]int, len(l.edges))
	for e, edge := range l.edges {
		top, bottom := l.rank[edge.From]+1, l.rank[edge.To]-1
		if l.back[e] {
			top, bottom = l.rank[edge.To], l.rank[edge.From]
		}
		if top > bottom {
			l.along[e] = -1
			continue
		}
		a := aim{edge.To, edge.Kind, l.back[e]}
		i, ok := known[a]
		if !ok {
			i = len(l.ways)
			known[a] = i
			l.ways = append(l.ways, way{to: edge.To, kind: edge.Kind, back: a.back, top: top, bottom: bottom})
		}
		l.along[e] = i
		l.ways[i].top, l.ways[i].bottom = min(l.ways[i].top, top), max(l.ways[i].bottom, bottom)
	}
}

// addWays makes the vertices of ways, the short ones first, as long as there is room.
func (l *layers) addWays() {
	list := make([]int, len(l.ways))
	for i := range list {
		list[i] = i
	}
	length := func(i int) int { return l.ways[i].bottom - l.ways[i].top + 1 }
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(length(a), length(b)) })
	room := waysPerNode * l.nodes
	for _, i := range list {
		w := &l.ways[i]
		if room -= length(i); room < 0 {
			w.first = -1
			continue
		}
		w.first = len(l.rank)
		for rank := w.top; rank <= w.bottom; rank++ {
			l.rank = append(l.rank, rank)
			l.item = append(l.item, l.nodes+i)
			if rank > w.top {
				l.links = append(l.links, link{len(l.rank) - 2, len(l.rank) - 1})
			}
		}
	}
}

// joinWays links ways and the nodes where they start and end.
func (l *layers) joinWays() {
	for i := range l.ways {
		switch w := &l.ways[i]; {
		case w.first < 0:
		case w.back:
			t := l.addTurn(w.top - 1)
			l.links = append(l.links, link{t, w.first}, link{t, w.to})
		default:
			l.links = append(l.links, link{w.at(w.bottom), w.to})
		}
	}
	type place struct{ way, rank int }
	turns := make(map[place]int)
	for e, edge := range l.edges {
		i := l.along[e]
		if i < 0 || l.ways[i].first < 0 {
			continue
		}
		w, rank := &l.ways[i], l.rank[edge.From]
		if !w.back {
			l.links = append(l.links, link{edge.From, w.at(rank + 1)})
			continue
		}
		t, ok := turns[place{i, rank}]
		if !ok {
			t = l.addTurn(rank + 1)
			turns[place{i, rank}] = t
			l.links = append(l.links, link{w.at(rank), t})
		}
		l.links = append(l.links, link{edge.From, t})
	}
}

// at returns the vertex of a way in a row.
func (w *way) at(rank int) int { return w.first + rank - w.top }

func (l *layers) addTurn(rank int) int {
	l.rank = append(l.rank, rank)
	l.item = append(l.item, l.items)
	l.items++
	return len(l.rank) - 1
}

// way returns the way that vertex v is a part of, or nil.
func (l *layers) way(v int) *way {
	if i := l.item[v] - l.nodes; i >= 0 && i < len(l.ways) {
		return &l.ways[i]
	}
	return nil
}

// isTurn reports whether vertex v is a turn.
func (l *layers) isTurn(v int) bool { return l.item[v] >= l.nodes+len(l.ways) }
