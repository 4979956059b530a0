package prog

import (
	"bufio"
	_ "embed"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/webpage"
)

// What a page has that is the same in all.
//
//go:embed graph.css
var pageStyle string

//go:embed graph.js
var pageScript string

// A page is the graph of a program's control flow, for a browser.
type page struct {
	subject
	*listing
	functions []bytecode.Function
	calls     map[int][]int // by the slot where a function starts: those that refer to it
}

// A subject is the program that a page is about.
type subject struct {
	heading string // of the page, in full
	name    string
	facts   []pageFact // further ones
}

// A pageFact is something that is known about a program.
type pageFact struct{ name, value string }

// subject describes a loaded program to readers of a page.
func (h *Heading) subject() subject {
	s := subject{
		heading: fmt.Sprintf("program %d, tag %s", h.ID, h.Tag),
		name:    fmt.Sprintf("program %d", h.ID),
		facts:   []pageFact{{"type", h.Type.String()}, {"id", fmt.Sprint(h.ID)}, {"tag", h.Tag.String()}},
	}
	if h.Name != "" {
		s.heading = fmt.Sprintf("%s (%s)", h.Name, s.heading)
		s.name = h.Name
	}
	return s
}

// subject describes a program of an object to readers of a page.
func (h *ObjectHeading) subject() subject {
	return subject{
		heading: fmt.Sprintf("%s (section %s)", h.Name, h.Section),
		name:    h.Name,
		facts:   []pageFact{{"section", h.Section}},
	}
}

// newPage finds the functions of a program: what is called, what has its address taken,
// and what BTF tells about.
func newPage(about subject, l *listing) *page {
	p := &page{subject: about, listing: l, calls: make(map[int][]int)}
	entries := make([]int, len(l.funcs))
	for i, f := range l.funcs {
		entries[i] = int(f.slot)
	}
	p.functions = bytecode.Flow(l.insns, l.refers, entries...)
	starts := make(map[int]bool)
	for _, f := range p.functions {
		starts[f.Start] = true
	}
	for slot := 0; slot < len(l.insns); slot += bytecode.Slots(l.insns, slot) {
		if to, ok := l.refers(slot); ok && starts[to] {
			p.calls[to] = append(p.calls[to], slot)
		}
	}
	return p
}

// write writes the page.
func (p *page) write(w *bufio.Writer) {
	webpage.Begin(w, p.heading, pageStyle, true)
	p.writeHeader(w)
	for i := range p.functions {
		p.figure(&p.functions[i]).write(w)
	}
	webpage.End(w, pageScript)
}

// writeHeader writes what is known about the program, its functions if there are
// several, and what the signs mean.
func (p *page) writeHeader(w *bufio.Writer) {
	fmt.Fprintf(w, "<header>\n<h1>%s</h1>\n<dl>\n", webpage.Escape(p.name))
	blocks, insns := 0, 0
	for i := range p.functions {
		blocks += len(p.functions[i].Blocks)
		insns += p.count(&p.functions[i])
	}
	fact := func(name string, value any) {
		fmt.Fprintf(w, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, webpage.Escape(fmt.Sprint(value)))
	}
	for _, f := range p.facts {
		fact(f.name, f.value)
	}
	fact("instructions", insns)
	fact("blocks", blocks)
	if len(p.functions) > 1 {
		fact("functions", len(p.functions))
	}
	fmt.Fprintf(w, "</dl>\n%s</header>\n", legend)
	if len(p.functions) > 1 {
		p.writeContents(w)
	}
}

// legend says what the signs mean, and has the heads of arrows.
const legend = `<ul class="legend">
<li><svg width="36" height="12" aria-hidden="true"><path class="taken" d="M0 6H24"/></svg>taken</li>
<li><svg width="36" height="12" aria-hidden="true"><path class="not" d="M0 6H24"/></svg>not taken</li>
<li><svg width="36" height="12" aria-hidden="true"><path class="always" d="M0 6H24"/></svg>always</li>
<li><svg width="36" height="12" aria-hidden="true"><path class="always back" d="M0 6H24"/></svg>back, in a loop</li>
<li><svg width="36" height="16" aria-hidden="true"><g><rect x="1" y="1" width="30" height="14" rx="3"/><path class="start" d="M1 1h30"/></g></svg>start</li>
<li><svg width="36" height="16" aria-hidden="true"><g><rect x="1" y="1" width="30" height="14" rx="3"/><path class="exit" d="M1 15h30"/></g></svg>exit</li>
<li><svg width="36" height="16" aria-hidden="true"><g><rect x="1" y="1" width="30" height="14" rx="3"/><path class="gone" d="M1 15h30"/></g></svg>jump to a register</li>
</ul>
<svg class="heads" width="0" height="0" aria-hidden="true"><defs>
<marker id="head-taken" class="taken" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="head-not" class="not" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
<marker id="head-always" class="always" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>
</defs></svg>
`

func (p *page) writeContents(w *bufio.Writer) {
	fmt.Fprint(w, "<nav>\n<ol>\n")
	for i := range p.functions {
		f := &p.functions[i]
		fmt.Fprintf(w, "<li><a href=\"#f%d\">%s</a> <small>%s</small></li>\n", f.Start, webpage.Escape(p.title(f)), p.extent(f))
	}
	fmt.Fprint(w, "</ol>\n</nav>\n")
}

// title returns what a function is called: its signature, or its number.
func (p *page) title(f *bytecode.Function) string {
	if s := p.signature(f.Start); s != "" {
		return s
	}
	return fmt.Sprintf("func_%d", f.Number)
}

// extent says how big a function is.
func (p *page) extent(f *bytecode.Function) string {
	return render.Amount(p.count(f), "instruction") + ", " + render.Amount(len(f.Blocks), "block")
}

// count returns the number of instructions of a function.
func (p *page) count(f *bytecode.Function) (n int) {
	for slot := f.Start; slot < f.End; slot += bytecode.Slots(p.insns, slot) {
		n++
	}
	return n
}
