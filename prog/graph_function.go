package prog

import (
	"bufio"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/graph"
	"github.com/gobpftool/gobpftool/internal/webpage"
)

// The kinds of arrows.
const (
	notTaken = iota
	taken
	always
)

// arrowClass has the kinds as the style sheet calls them, and arrowText as people do.
var (
	arrowClass = [...]string{notTaken: "not", taken: "taken", always: "always"}
	arrowText  = [...]string{notTaken: "not taken", taken: "taken", always: "always"}
)

// arrows returns the edges between the blocks of a function. Of those that leave a block,
// the one to the block behind it comes first.
func arrows(f *bytecode.Function) (edges []graph.Edge) {
	for i, b := range f.Blocks {
		next, jump := always, always
		if b.Ends == bytecode.Branches {
			next, jump = notTaken, taken
		}
		if b.Next >= 0 {
			edges = append(edges, graph.Edge{From: i, To: b.Next, Kind: next})
		}
		if b.Jump >= 0 {
			edges = append(edges, graph.Edge{From: i, To: b.Jump, Kind: jump})
		}
	}
	return edges
}

// A figure is a function as it is drawn.
type figure struct {
	*page
	*bytecode.Function
	edges   []graph.Edge
	reached []bool // by block: arrows lead there
	dark    bool   // it jumps to where a register says, so other blocks may be reached, too
}

func (p *page) figure(f *bytecode.Function) *figure {
	g := &figure{page: p, Function: f, edges: arrows(f)}
	g.reached = graph.Reached(len(f.Blocks), g.edges)
	for i, b := range f.Blocks {
		g.dark = g.dark || b.Ends == bytecode.Gone && g.reached[i]
	}
	return g
}

// border is the free space around a drawing, in pixels.
const border = 8

// write writes a function: its heading and its drawing.
func (g *figure) write(w *bufio.Writer) {
	title := webpage.Escape(g.title(g.Function))
	fmt.Fprintf(w, "<section id=\"f%d\">\n<h2>%s</h2>\n<p>%s", g.Start, title, g.extent(g.Function))
	writeCallers(w, g.calls[g.Start])
	fmt.Fprint(w, "</p>\n")

	sizes := make([]graph.Size, len(g.Blocks))
	for i := range sizes {
		sizes[i] = boxSize(g.rows(i))
	}
	d := graph.Layout(sizes, g.edges)
	fmt.Fprintf(w, "<div class=\"graph\" tabindex=\"0\"><svg width=\"%d\" height=\"%d\" viewBox=\"%d %[3]d %[1]d %[2]d\" role=\"group\" aria-label=\"%[4]s\">\n",
		d.Width+2*border, d.Height+2*border, -border, title)
	for i, r := range d.Routes {
		g.writeArrow(w, g.edges[i], r)
	}
	for i, box := range d.Boxes {
		g.writeBlock(w, i, box)
	}
	fmt.Fprint(w, "</svg></div>\n</section>\n")
}

// callersMax is how many references to a function are listed.
const callersMax = 12

func writeCallers(w *bufio.Writer, slots []int) {
	for i, slot := range slots {
		switch {
		case i == callersMax:
			fmt.Fprintf(w, " and %d more", len(slots)-i)
			return
		case i == 0:
			fmt.Fprint(w, "; used at ")
		default:
			fmt.Fprint(w, ", ")
		}
		fmt.Fprintf(w, "<a href=\"#i%d\">%[1]d</a>", slot)
	}
}

func (g *figure) writeArrow(w *bufio.Writer, e graph.Edge, r graph.Route) {
	from, to, class := g.Blocks[e.From], g.Blocks[e.To], arrowClass[e.Kind]
	back := ""
	if r.Back {
		back = " back"
	}
	fmt.Fprintf(w, "<path class=\"edge %s%s\" data-from=\"b%d\" data-to=\"b%d\" marker-end=\"url(#head-%s)\" d=\"",
		class, back, from.Start, to.Start, class)
	writeCurve(w, r.Curve)
	fmt.Fprintf(w, "\"><title>%s: %d to %d</title></path>\n", arrowText[e.Kind], from.Last, to.Start)
}

// writeCurve writes a curve in the language of SVG paths.
func writeCurve(w *bufio.Writer, c []graph.Point) {
	fmt.Fprintf(w, "M%d %d", c[0].X, c[0].Y)
	for at, rest := c[0], c[1:]; len(rest) >= 3; rest = rest[3:] {
		a, b, end := rest[0], rest[1], rest[2]
		if at.X == a.X && a.X == b.X && b.X == end.X {
			fmt.Fprintf(w, "V%d", end.Y)
		} else {
			fmt.Fprintf(w, "C%d %d %d %d %d %d", a.X, a.Y, b.X, b.Y, end.X, end.Y)
		}
		at = end
	}
}
