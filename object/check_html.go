package object

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"

	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
	"github.com/gobpftool/gobpftool/internal/webpage"
)

// What a page has that is the same in all.
//
//go:embed check.css
var pageStyle string

// A page is a matrix for a browser. A cell is a link to a panel that says why; style alone
// shows it, beside the grid.
type page struct {
	*Matrix
	panels []*panel
	ids    map[string]*panel // by what they say
}

// A panel says why cells of an object, or of a kernel, are as they are.
type panel struct {
	id      string
	title   string
	cell    *Cell    // the first of them
	kernels []string // of the cells
}

// writePage writes the page. There is no script.
func (m *Matrix) writePage(w *bufio.Writer) {
	p := &page{Matrix: m, ids: make(map[string]*panel)}
	webpage.Begin(w, render.Amount(len(m.Objects), "object")+" on "+render.Amount(len(m.Kernels), "kernel"), pageStyle, false)
	p.writeHeader(w)
	p.writeGrid(w)
	p.writePanels(w)
	p.writeUnseen(w)
	webpage.End(w, "")
}

// legend says what the words in cells mean.
const legend = `<ul class="legend">
<li><b class="yes">yes</b>all that is required is there</li>
<li><b class="part">yes*</b>but not all for optional programs</li>
<li><b class="no">no</b>something required is not</li>
<li><b class="unknown">?</b>not known, or denied</li>
<li>underlined: click to see why</li>
</ul>
`

func (p *page) writeHeader(w *bufio.Writer) {
	fmt.Fprint(w, "<header>\n<h1>Do the objects fit the kernels?</h1>\n<dl>\n")
	for _, f := range []struct {
		name  string
		value int
	}{
		{"objects", len(p.Objects)}, {"kernels", len(p.Kernels)},
		{"fit", p.Summary.Yes}, {"do not fit", p.Summary.No}, {"unknown", p.Summary.Unknown + p.Summary.Denied},
	} {
		fmt.Fprintf(w, "<div><dt>%s</dt><dd>%d</dd></div>\n", f.name, f.value)
	}
	fmt.Fprintf(w, "</dl>\n%s</header>\n", legend)
}

// writeGrid writes a line for each kernel, and finds out which panels there are.
func (p *page) writeGrid(w *bufio.Writer) {
	fmt.Fprint(w, "<div class=\"grid\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\">kernel</th>")
	for _, o := range p.Objects {
		fmt.Fprintf(w, "<th scope=\"col\" title=\"%s\"><span>%s</span></th>", webpage.Escape(o.File), webpage.Escape(o.Name))
	}
	fmt.Fprint(w, "</tr></thead>\n<tbody>\n")
	for _, r := range p.Kernels {
		fmt.Fprintf(w, "<tr><th scope=\"row\" title=\"%s\">%s</th>", webpage.Escape(r.File), webpage.Escape(r.Name))
		for _, c := range r.Cells {
			p.writeCell(w, r, c)
		}
		fmt.Fprint(w, "</tr>\n")
	}
	fmt.Fprint(w, "</tbody>\n</table>\n</div>\n")
}

func (p *page) writeCell(w *bufio.Writer, r *Row, c *Cell) {
	word, class := p.word(c), c.Answer.String()
	switch {
	case c.Answer == verdict.Unknown, c.Answer == verdict.Denied:
		word, class = "?", verdict.Unknown.String()
	case strings.HasSuffix(word, "*"):
		class = "part"
	}
	if len(c.Failures) == 0 && c.Evidence == "" {
		fmt.Fprintf(w, "<td class=\"%s\">%s</td>", class, word)
		return
	}
	fmt.Fprintf(w, "<td class=\"%s\"><a href=\"#%s\">%s</a></td>", class, p.panel(r, c).id, word)
}

// panel returns the panel of a cell. Cells of an object that fail alike share one.
func (p *page) panel(r *Row, c *Cell) *panel {
	title := c.Object
	if r.Error != "" {
		title = r.Name
	}
	key := fmt.Sprint(title, "\x00", c.Answer, "\x00", c.Evidence, c.Failures)
	known := p.ids[key]
	if known == nil {
		known = &panel{id: fmt.Sprintf("p%d", len(p.panels)+1), title: title, cell: c}
		p.ids[key] = known
		p.panels = append(p.panels, known)
	}
	if n := len(known.kernels); n == 0 || known.kernels[n-1] != r.Name {
		known.kernels = append(known.kernels, r.Name)
	}
	return known
}

func (p *page) writePanels(w *bufio.Writer) {
	if len(p.panels) > 0 {
		fmt.Fprint(w, "<h2>Why</h2>\n")
	}
	for _, one := range p.panels {
		fmt.Fprintf(w, "<section id=\"%s\">\n<a class=\"close\" href=\"#-\">close</a>\n<h3>%s: %s</h3>\n", one.id, webpage.Escape(one.title), one.cell.Answer)
		if one.cell.Evidence != "" {
			fmt.Fprintf(w, "<p>%s</p>\n", webpage.Escape(one.cell.Evidence))
		}
		writeKernels(w, one.kernels)
		for class := range classes {
			p.writeClass(w, one.cell, class)
		}
		fmt.Fprint(w, "</section>\n")
	}
}

// writeKernels names the kernels of a panel: many only if that is asked for.
func writeKernels(w *bufio.Writer, list []string) {
	text := webpage.Escape(strings.Join(list, ", "))
	if len(list) <= maxNames {
		fmt.Fprintf(w, "<p class=\"on\">on %s</p>\n", text)
		return
	}
	fmt.Fprintf(w, "<details class=\"on\"><summary>on %s</summary>%s</details>\n", render.Amount(len(list), "kernel"), text)
}

// heads are what stands above the failures of a class.
var heads = [classes]string{
	Required: "required",
	Unsure:   "not known: required, but types that are not given may have it",
	Optional: "optional: of what is not loaded unless that is asked for",
	Guarded:  "guarded: not reached on these kernels",
}

// writeClass writes the failures in a cell that are of a class.
func (p *page) writeClass(w *bufio.Writer, c *Cell, class Class) {
	var list []*Failure
	for _, id := range c.Failures {
		if f := p.Failures[id]; f.Class == class {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "<table class=\"why\">\n<caption>%s</caption>\n<tr><th>what</th><th>why</th><th>where</th></tr>\n", heads[class])
	for i := 0; i < len(list); {
		f := list[i]
		fmt.Fprintf(w, "<tr><td><code>%s</code> <small>%s</small></td><td>%s", webpage.Escape(f.Access), webpage.Escape(f.Kind), webpage.Escape(f.Cause))
		if f.Help != "" {
			fmt.Fprintf(w, "<br><small>%s</small>", webpage.Escape(f.Help))
		}
		fmt.Fprint(w, "</td><td>")
		for same := (&group{Failure: f}); i < len(list) && same.alike(list[i]); i++ {
			fmt.Fprintf(w, "<div>%s", webpage.Escape(list[i].place()))
			if code := strings.TrimSpace(list[i].Code); code != "" {
				fmt.Fprintf(w, " <code>%s</code>", webpage.Escape(code))
			}
			fmt.Fprint(w, "</div>")
		}
		fmt.Fprint(w, "</td></tr>\n")
	}
	fmt.Fprint(w, "</table>\n")
}

func (p *page) writeUnseen(w *bufio.Writer) {
	fmt.Fprint(w, "<footer>\n<h2>Not looked at</h2>\n<p>Only types are looked at. Not known is</p>\n<ul>\n")
	for _, u := range p.Unseen {
		fmt.Fprintf(w, "<li>%s</li>\n", webpage.Escape(u))
	}
	fmt.Fprint(w, "</ul>\n</footer>\n")
}
