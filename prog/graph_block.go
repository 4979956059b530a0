package prog

import (
	"bufio"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/graph"
	"github.com/gobpftool/gobpftool/internal/webpage"
)

// A row is a line of text in a block.
type row struct {
	class string
	text  string
	tip   string // what a browser tells about it, or ""
	slot  int    // of an instruction that refers to a function
	to    int    // the slot where that starts, or -1
}

// What rows are.
const (
	rowInsn   = "insn"
	rowBytes  = "bytes"
	rowSource = "source"
	rowRemark = "remark"
)

// rows returns the rows of a block.
func (g *figure) rows(block int) (rows []row) {
	b := g.Blocks[block]
	add := func(class, text, tip string) { rows = append(rows, row{class, text, tip, 0, -1}) }
	if !g.reached[block] {
		remark := "cannot be reached"
		if g.dark {
			remark = "no known way leads here"
		}
		add(rowRemark, remark, "")
	}
	width := len(strconv.Itoa(g.End - 1))
	var shown *line
	for slot := b.Start; slot < b.End; slot += bytecode.Slots(g.insns, slot) {
		if src := g.source(slot); src != nil && !g.sameSource(src, shown) {
			shown = src
			add(rowSource, g.sourceText(src), fmt.Sprintf("%s:%d:%d", src.file, src.num, src.column))
		}
		for _, n := range g.needsAt(slot) {
			add(rowSource, "; "+n.String(), "what the instruction needs to know of the kernel")
		}
		text := fmt.Appendf(nil, "%*d: ", width, slot)
		add(rowInsn, string(bytecode.Append(text, g.insns, slot, g.names)), "")
		if to, ok := g.refers(slot); ok && len(g.calls[to]) > 0 {
			rows[len(rows)-1].slot, rows[len(rows)-1].to = slot, to
		}
		if g.opcodes {
			add(rowBytes, fmt.Sprintf("%*s%s", width+2, "", appendBytes(nil, g.bytes(slot))), "")
		}
	}
	if remark := farewell(b); remark != "" {
		add(rowRemark, remark, "")
	}
	return rows
}

// sameSource reports whether nothing is new about the line a, below the line b.
func (g *figure) sameSource(a, b *line) bool {
	if b == nil || g.linum {
		return a == b
	}
	return a.num == b.num && a.file == b.file && a.text == b.text
}

// sourceText spells a line of source. Where it comes from is in front, since long lines
// are cut.
func (g *figure) sourceText(src *line) string {
	if g.linum {
		return fmt.Sprintf("; %s:%d:%d: %s", path.Base(src.file), src.num, src.column, trimmed(src.text))
	}
	return "; " + trimmed(src.text)
}

// farewell says where a block leads that has no arrow for it, or "".
func farewell(b bytecode.Block) string {
	switch {
	case b.Ends == bytecode.Gone:
		return "jumps to where the register says"
	case (b.Ends == bytecode.Jumps || b.Ends == bytecode.Branches) && b.Jump < 0:
		return "jumps out of the function"
	case (b.Ends == bytecode.Falls || b.Ends == bytecode.Branches) && b.Next < 0:
		return "leaves the function at its end"
	}
	return ""
}

// Measures of text, in pixels. Characters of fonts with a fixed width are 0.55 to 0.61
// times as wide as high; the style sheet sets the height to 13.
const (
	charWidth  = 8
	lineHeight = 17
	baseline   = 13 // of a line, below its top
	paddingX   = 10
	paddingY   = 7
)

// columnsMax is how much is shown of a row. The rest is told by the browser.
const columnsMax = 120

// boxSize returns how big a block has to be for its rows.
func boxSize(rows []row) graph.Size {
	columns := 0
	for _, r := range rows {
		_, n := clip(r.text)
		columns = max(columns, n)
	}
	return graph.Size{Width: columns*charWidth + 2*paddingX, Height: len(rows)*lineHeight + 2*paddingY}
}

func (g *figure) writeBlock(w *bufio.Writer, block int, box graph.Box) {
	b, class := g.Blocks[block], "block"
	if block == 0 {
		class += " entry"
	}
	if !g.reached[block] {
		class += " unreached"
	}
	fmt.Fprintf(w, "<g class=\"%s\" id=\"b%d\" transform=\"translate(%d %d)\"><rect width=\"%d\" height=\"%d\" rx=\"4\"/>\n",
		class, b.Start, box.X, box.Y, box.Width, box.Height)
	bar := func(class string, y int) {
		fmt.Fprintf(w, "<path class=\"%s\" d=\"M0 %dh%d\"/>\n", class, y, box.Width)
	}
	if block == 0 {
		bar("start", 0)
	}
	switch b.Ends {
	case bytecode.Exits:
		bar("exit", box.Height)
	case bytecode.Gone:
		bar("gone", box.Height)
	}
	for i, r := range g.rows(block) {
		r.write(w, paddingY+i*lineHeight+baseline)
	}
	fmt.Fprint(w, "</g>\n")
}

// write writes a row, with its text at the height y.
func (r *row) write(w *bufio.Writer, y int) {
	shown, columns := clip(r.text)
	tip := r.tip
	if strings.HasSuffix(shown, cutMark) {
		tip = strings.TrimSpace(r.text + " " + tip)
	}
	fmt.Fprintf(w, "<text class=\"%s\" x=\"%d\" y=\"%d\"", r.class, paddingX, y)
	if !ascii(shown) {
		// Other fonts may have to help out: they are to keep to our width.
		fmt.Fprintf(w, " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"", columns*charWidth)
	}
	if r.to >= 0 {
		fmt.Fprintf(w, " id=\"i%d\"><a href=\"#f%d\">%s</a>", r.slot, r.to, webpage.Escape(shown))
	} else {
		fmt.Fprintf(w, ">%s", webpage.Escape(shown))
	}
	if tip != "" {
		fmt.Fprintf(w, "<title>%s</title>", webpage.Escape(tip))
	}
	fmt.Fprint(w, "</text>\n")
}
