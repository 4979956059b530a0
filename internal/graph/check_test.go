package graph

import (
	"reflect"
	"slices"
	"testing"
)

// check looks at a drawing: boxes have their sizes and are apart, arrows start and end
// at borders of theirs and touch no other box, and the next drawing is the same.
func check(t *testing.T, nodes []Size, edges []Edge, d *Drawing) {
	t.Helper()
	if len(d.Boxes) != len(nodes) || len(d.Routes) != len(edges) {
		t.Fatalf("%d boxes of %d nodes, %d routes of %d edges", len(d.Boxes), len(nodes), len(d.Routes), len(edges))
	}
	for i, b := range d.Boxes {
		if b.Size != nodes[i] {
			t.Errorf("box %d: %v, want %v", i, b.Size, nodes[i])
		}
		if b.X < 0 || b.Y < 0 || b.X+b.Width > d.Width || b.Y+b.Height > d.Height {
			t.Errorf("box %d: %v outside of %v", i, b, d.Size)
		}
		for j, c := range d.Boxes[:i] {
			if b.X < c.X+c.Width && c.X < b.X+b.Width && b.Y < c.Y+c.Height && c.Y < b.Y+b.Height {
				t.Errorf("boxes %d and %d overlap: %v, %v", j, i, c, b)
			}
		}
	}
	for e, edge := range edges {
		checkRoute(t, edge, d.Routes[e].Curve, d)
	}
	if again := Layout(slices.Clone(nodes), slices.Clone(edges)); !reflect.DeepEqual(again, d) {
		t.Error("the next drawing is another one")
	}
}

func checkRoute(t *testing.T, edge Edge, c []Point, d *Drawing) {
	t.Helper()
	if len(c) < 4 || len(c)%3 != 1 {
		t.Errorf("%v: %d points", edge, len(c))
		return
	}
	from, to := d.Boxes[edge.From], d.Boxes[edge.To]
	if p := c[0]; p.Y != from.Y+from.Height || p.X < from.X || p.X > from.X+from.Width {
		t.Errorf("%v starts at %v, the box is %v", edge, p, from)
	}
	if p := c[len(c)-1]; p.Y != to.Y || p.X < to.X || p.X > to.X+to.Width {
		t.Errorf("%v ends at %v, the box is %v", edge, p, to)
	}
	if before := c[len(c)-2]; before.X != c[len(c)-1].X {
		t.Errorf("%v does not end vertically: %v", edge, c)
	}
	for i := 0; i+3 < len(c); i += 3 {
		low, high := reach(c[i], c[i+1], c[i+2], c[i+3])
		if low.X < 0 || low.Y < 0 || high.X > d.Width || high.Y > d.Height {
			t.Errorf("%v: %v to %v is outside of %v", edge, low, high, d.Size)
		}
		for v, b := range d.Boxes {
			if low.X < b.X+b.Width && high.X > b.X && low.Y < b.Y+b.Height && high.Y > b.Y {
				t.Errorf("%v crosses box %d at %v between %v and %v", edge, v, b, low, high)
			}
		}
	}
}

// reach returns the corners of a box that a curve does not leave. All of ours are
// within that of their ends, but turns, which are less deep than their control
// points: those are taken as they are.
func reach(points ...Point) (low, high Point) {
	low, high = points[0], points[0]
	for _, p := range points {
		low = Point{min(low.X, p.X), min(low.Y, p.Y)}
		high = Point{max(high.X, p.X), max(high.Y, p.Y)}
	}
	return low, high
}
