package graph

import "slices"

// A walk is what a search in depth finds.
type walk struct {
	out    groups // edges by the node that they leave
	number []int  // by node: its place in an order in which all edges but the back ones lead forward
	order  []int  // the nodes in that order
	back   []bool // by edge: it leads to a node that the search had not left yet
	rank   []int  // by node: its row
}

// explore searches a graph from node 0, and then from each node that was not met.
func explore(n int, edges []Edge) *walk {
	w := &walk{
		out:    group(n, len(edges), func(e int) int { return edges[e].From }),
		number: make([]int, n),
		back:   make([]bool, len(edges)),
	}
	left := w.search(edges)
	w.order = make([]int, n)
	for i, v := range left {
		w.number[v] = n - 1 - i
		w.order[n-1-i] = v
	}
	w.setRanks(edges)
	return w
}

// search returns the nodes in the order in which the search leaves them. Edges are
// tried from the last one to the first, so that the first one's node comes next in
// the reverse of it.
func (w *walk) search(edges []Edge) (left []int) {
	n := len(w.number)
	const (
		unmet = iota
		inside
		done
	)
	state := make([]uint8, n)
	untried := make([]int, n) // by node: how many of its edges
	for v := range n {
		untried[v] = len(w.out.of(v))
	}
	// Nodes that are not met from the first one follow it, in the order of numbers.
	for root := range n {
		if state[root] != unmet {
			continue
		}
		path := []int{root}
		state[root] = inside
		for len(path) > 0 {
			v := path[len(path)-1]
			if untried[v] == 0 {
				state[v] = done
				left = append(left, v)
				path = path[:len(path)-1]
				continue
			}
			untried[v]--
			e := w.out.of(v)[untried[v]]
			switch to := edges[e].To; state[to] {
			case inside:
				w.back[e] = true
			case unmet:
				state[to] = inside
				path = append(path, to)
			}
		}
	}
	return left
}

// setRanks gives each node the row below the lowest of those that lead to it. Row 0
// stays free, for arrows that run back to row 1.
func (w *walk) setRanks(edges []Edge) {
	w.rank = make([]int, len(w.order))
	for _, v := range w.order {
		w.rank[v] = max(w.rank[v], 1)
		for _, e := range w.out.of(v) {
			if to := edges[e].To; !w.back[e] {
				w.rank[to] = max(w.rank[to], w.rank[v]+1)
			}
		}
	}
	w.sink(edges)
}

// sink moves nodes down that are not reached from node 0, to above the highest of
// those that they lead to: beside node 0 they look like other starts.
func (w *walk) sink(edges []Edge) {
	reached := Reached(len(w.order), edges)
	for _, v := range slices.Backward(w.order) {
		above := -1
		for _, e := range w.out.of(v) {
			if r := w.rank[edges[e].To] - 1; !w.back[e] && (above < 0 || r < above) {
				above = r
			}
		}
		if !reached[v] {
			w.rank[v] = max(w.rank[v], above)
		}
	}
}

// Reached returns which of n nodes arrows lead to from node 0, which is one of them.
func Reached(n int, edges []Edge) []bool {
	out := group(n, len(edges), func(e int) int { return edges[e].From })
	reached := make([]bool, n)
	var found []int
	find := func(v int) {
		if v < n && !reached[v] {
			reached[v] = true
			found = append(found, v)
		}
	}
	for find(0); len(found) > 0; {
		v := found[len(found)-1]
		found = found[:len(found)-1]
		for _, e := range out.of(v) {
			find(edges[e].To)
		}
	}
	return reached
}
