package graph

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// same returns n nodes of one size.
func same(n int) []Size {
	nodes := make([]Size, n)
	for i := range nodes {
		nodes[i] = Size{100, 40}
	}
	return nodes
}

// flow is a graph as programs have them: most nodes lead to the next one, many to another
// one besides. reach is how far those are away at most, 0 for anywhere.
func flow(n, reach int, seed uint64) (nodes []Size, edges []Edge) {
	r := rand.New(rand.NewPCG(seed, 1))
	nodes = make([]Size, n)
	for i := range nodes {
		nodes[i] = Size{80 + r.IntN(500), 30 + r.IntN(200)}
		if i+1 < n && r.IntN(10) > 0 {
			edges = append(edges, Edge{i, i + 1, 0})
		}
		to := r.IntN(n)
		if reach > 0 {
			to = min(max(i+r.IntN(reach)-reach/4, 0), n-1)
		}
		if r.IntN(3) > 0 {
			edges = append(edges, Edge{i, to, 1 + r.IntN(2)})
		}
	}
	return nodes, edges
}

// pairs makes edges of one kind out of "from to" numbers.
func pairs(numbers ...int) (edges []Edge) {
	for i := 0; i+1 < len(numbers); i += 2 {
		edges = append(edges, Edge{numbers[i], numbers[i+1], 0})
	}
	return edges
}

func chain(n int, more func(i int) []Edge) (edges []Edge) {
	for i := range n {
		if i+1 < n {
			edges = append(edges, Edge{i, i + 1, 0})
		}
		edges = append(edges, more(i)...)
	}
	return edges
}

// shapes are graphs that are hard in one way each.
var shapes = []struct {
	name  string
	nodes []Size
	edges []Edge
	back  []int // edges that close a loop; nil if that is not told
}{
	{"nothing", nil, nil, []int{}},
	{"one node", same(1), nil, []int{}},
	{"a loop of one node", same(1), pairs(0, 0), []int{0}},
	{"two loops of one node", same(1), []Edge{{0, 0, 0}, {0, 0, 1}}, []int{0, 1}},
	{"a chain", same(3), pairs(0, 1, 1, 2), []int{}},
	{"a diamond", same(4), pairs(0, 1, 0, 2, 1, 3, 2, 3), []int{}},
	{"a triangle", same(3), pairs(0, 1, 0, 2, 1, 2), []int{}},
	{"a pair twice", same(2), []Edge{{0, 1, 0}, {0, 1, 1}, {0, 1, 0}}, []int{}},
	{"a loop to the first node", same(3), pairs(0, 1, 1, 0, 1, 2), []int{1}},
	{"nested loops", same(5), pairs(0, 1, 1, 2, 2, 3, 3, 2, 3, 1, 3, 4), []int{3, 4}},
	{"loops that cross", same(5), pairs(0, 1, 1, 2, 2, 3, 3, 4, 3, 1, 4, 2), []int{4, 5}},
	{"two entries into a loop", same(4), pairs(0, 1, 0, 2, 1, 2, 2, 1, 2, 3), []int{2}},
	{"nodes that nothing leads to", same(4), pairs(0, 1, 2, 1, 3, 3), []int{2}},
	{"no arrows", same(30), nil, []int{}},
	{"backwards", same(4), pairs(3, 2, 2, 1, 1, 0), []int{}},
	{"no size", make([]Size, 5), pairs(0, 1, 0, 2, 0, 3, 3, 4, 4, 0), []int{4}},
	{"all to the last", same(60), chain(60, func(i int) []Edge { return []Edge{{i, 59, 1}} }), nil},
	{"all to the first", same(60), chain(60, func(i int) []Edge { return []Edge{{i, 0, 1}} }), nil},
	{"far ways", same(200), chain(100, func(i int) []Edge { return []Edge{{i, i + 99, 1}} }), nil},
	{"a star", same(200), chain(1, func(int) (e []Edge) {
		for i := range 199 {
			e = append(e, Edge{0, i + 1, 0}, Edge{i + 1, 0, 0})
		}
		return e
	}), nil},
	{"all with all", same(12), chain(12, func(i int) (e []Edge) {
		for to := range 12 {
			e = append(e, Edge{i, to, to % 3})
		}
		return e
	}), nil},
}

func TestLayout(t *testing.T) {
	for _, tt := range shapes {
		t.Run(tt.name, func(t *testing.T) {
			d := Layout(tt.nodes, tt.edges)
			check(t, tt.nodes, tt.edges, d)
			back := []int{}
			for e, r := range d.Routes {
				if r.Back {
					back = append(back, e)
				}
			}
			if tt.back != nil && !reflect.DeepEqual(back, tt.back) {
				t.Errorf("back: %d, want %d", back, tt.back)
			}
		})
	}
}

// TestFlow lays out graphs that are like those of programs.
func TestFlow(t *testing.T) {
	for seed := range uint64(40) {
		for _, reach := range []int{4, 12, 0} {
			t.Run(fmt.Sprint(seed, reach), func(t *testing.T) {
				nodes, edges := flow(10+int(seed)*3, reach, seed)
				check(t, nodes, edges, Layout(nodes, edges))
			})
		}
	}
}

// TestOutside has so many arrows that run past so many rows that there is no room for
// them between the boxes.
func TestOutside(t *testing.T) {
	edges := chain(400, func(i int) []Edge { return []Edge{{i, (i + 200) % 400, 1}} })
	d := Layout(same(400), edges)
	check(t, same(400), edges, d)
	right := 0
	for _, b := range d.Boxes {
		right = max(right, b.X+b.Width)
	}
	outside := 0
	for _, r := range d.Routes {
		if r.Curve[len(r.Curve)/2].X > right {
			outside++
		}
	}
	if outside == 0 {
		t.Error("no arrow runs outside")
	}
}

// TestPlain looks at where the nodes of simple graphs are.
func TestPlain(t *testing.T) {
	d := Layout(same(4), pairs(0, 1, 0, 2, 1, 3, 2, 3))
	b := d.Boxes
	switch {
	case b[0].X != b[3].X, b[1].X+b[2].X != 2*b[0].X, b[1].X >= b[2].X:
		t.Errorf("not even, or the first arrow is not at the left: %v", b)
	case b[1].Y != b[2].Y, b[0].Y >= b[1].Y, b[1].Y >= b[3].Y:
		t.Errorf("wrong rows: %v", b)
	}
	for e, r := range Layout(same(3), pairs(0, 1, 1, 2)).Routes {
		if c := r.Curve; len(c) != 4 || c[0].X != c[3].X {
			t.Errorf("arrow %d of a chain is not straight: %v", e, c)
		}
	}
}

// TestSunken has nodes that nothing leads to just above those that they lead to.
func TestSunken(t *testing.T) {
	b := Layout(same(6), pairs(0, 1, 1, 2, 2, 3, 4, 5, 5, 3)).Boxes
	if b[4].Y != b[1].Y || b[5].Y != b[2].Y {
		t.Errorf("%v", b)
	}
}

// TestSharedWay has arrows of one kind to one node join, and those of another kind not.
func TestSharedWay(t *testing.T) {
	edges := chain(20, func(i int) []Edge { return []Edge{{i, 19, 1 + i%2}} })
	ends := make(map[int]map[int]bool) // of long arrows, by their kind
	d := Layout(same(20), edges)
	for e, r := range d.Routes {
		if edge := edges[e]; edge.Kind > 0 && edge.From < 18 {
			if ends[edge.Kind] == nil {
				ends[edge.Kind] = make(map[int]bool)
			}
			ends[edge.Kind][r.Curve[len(r.Curve)-1].X] = true
		}
	}
	if len(ends[1]) != 1 || len(ends[2]) != 1 || reflect.DeepEqual(ends[1], ends[2]) {
		t.Errorf("where long arrows end, by kind: %v", ends)
	}
}

// TestOrder sees that rows are sorted such that fewer links cross, and that crossings are
// counted.
func TestOrder(t *testing.T) {
	before, sorted, after := 0, 0, 0
	for seed := range uint64(20) {
		nodes, edges := flow(40, 0, seed)
		w := explore(len(nodes), edges)
		l := newLayers(w, edges)
		o := newOrder(l, w)
		before += o.crossings()
		o.sweep()
		sorted += o.crossings()
		o.swap()
		got := o.crossings()
		after += got
		if want := o.crossingsOneByOne(); got != want {
			t.Errorf("%d crossings, want %d", got, want)
		}
	}
	if sorted > before*8/10 || after > sorted*19/20 {
		t.Errorf("%d crossings at first, %d when sorted, %d when neighbours have changed their places", before, sorted, after)
	}
}

func (o *order) crossingsOneByOne() (count int) {
	for i, a := range o.links {
		for _, b := range o.links[:i] {
			if o.rank[a.upper] == o.rank[b.upper] && (o.place[a.upper]-o.place[b.upper])*(o.place[a.lower]-o.place[b.lower]) < 0 {
				count++
			}
		}
	}
	return count
}

func TestReached(t *testing.T) {
	tests := []struct {
		name  string
		n     int
		edges []Edge
		want  []bool
	}{
		{"nothing", 0, nil, []bool{}},
		{"one", 1, nil, []bool{true}},
		{"not backwards", 3, pairs(1, 0, 0, 2), []bool{true, false, true}},
		{"around", 3, pairs(0, 0, 0, 2, 2, 1, 1, 0), []bool{true, true, true}},
	}
	for _, tt := range tests {
		if got := Reached(tt.n, tt.edges); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// FuzzLayout reads pairs of bytes as edges, and widths and kinds out of the rest.
func FuzzLayout(f *testing.F) {
	f.Add(uint8(4), []byte{0, 1, 1, 2, 2, 0, 2, 3})
	f.Add(uint8(1), []byte{0, 0})
	f.Add(uint8(9), []byte{0, 8, 8, 0, 1, 7, 7, 1, 2, 6, 6, 2, 3, 5, 5, 3, 0, 1, 1, 2, 2, 3})
	f.Add(uint8(255), []byte("irreducible and unreachable, and many a loop besides"))
	f.Fuzz(func(t *testing.T, n uint8, bytes []byte) {
		if n == 0 {
			return
		}
		nodes := make([]Size, n)
		for i := range nodes {
			nodes[i] = Size{i * 37 % 300, i * 53 % 200}
		}
		var edges []Edge
		for i := 0; i+1 < len(bytes); i += 2 {
			edges = append(edges, Edge{int(bytes[i]) % int(n), int(bytes[i+1]) % int(n), i % 3})
		}
		check(t, nodes, edges, Layout(nodes, edges))
	})
}

// huge are graphs of 20,000 nodes.
func huge() map[string]func() ([]Size, []Edge) {
	const n = 20_000
	fixed := func(more func(i int) []Edge) func() ([]Size, []Edge) {
		return func() ([]Size, []Edge) { return same(n), chain(n, more) }
	}
	return map[string]func() ([]Size, []Edge){
		"program":  func() ([]Size, []Edge) { return flow(n, 40, 7) },
		"chaos":    func() ([]Size, []Edge) { return flow(n, 0, 7) },
		"to last":  fixed(func(i int) []Edge { return []Edge{{i, n - 1, 1}} }),
		"to first": fixed(func(i int) []Edge { return []Edge{{i, 0, 1}} }),
		"far":      fixed(func(i int) []Edge { return []Edge{{i, (i + n/2) % n, 1}} }),
		"near":     fixed(func(i int) []Edge { return []Edge{{i, min(i+9, n-1), 1}, {i, max(i-5, 0), 2}} }),
		"fan": func() ([]Size, []Edge) {
			var edges []Edge
			for i := 1; i+1 < n; i++ {
				edges = append(edges, Edge{0, i, 0}, Edge{i, n - 1, 1})
			}
			return same(n), edges
		},
	}
}

// TestHuge lays out huge graphs in time.
func TestHuge(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, make := range huge() {
		t.Run(name, func(t *testing.T) {
			nodes, edges := make()
			start := time.Now()
			d := Layout(nodes, edges)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			points := 0
			for _, r := range d.Routes {
				points += len(r.Curve)
			}
			if points > 16*len(edges)+16 {
				t.Errorf("%d points for %d edges", points, len(edges))
			}
		})
	}
}

func BenchmarkLayout(b *testing.B) {
	for name, make := range huge() {
		nodes, edges := make()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Layout(nodes, edges)
			}
		})
	}
}
