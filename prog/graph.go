package prog

import (
	"bufio"
	"fmt"
	"sort"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/render"
)

// draw prints the graph of a program's control flow.
func draw(p *render.Printer, about subject, l *listing, o dumpOptions) error {
	w, err := p.Text("'visual'")
	if err != nil {
		return err
	}
	if o.visual == "html" {
		newPage(about, l).write(w)
	} else {
		l.dot(w)
	}
	return nil
}

// dot writes the graph in the language of Graphviz.
func (l *listing) dot(w *bufio.Writer) {
	fmt.Fprintln(w, `digraph "DOT graph for eBPF program" {`)
	for _, f := range bytecode.Flow(l.insns, l.callee) {
		f.Blocks = dotBlocks(f.Blocks)
		l.dotFunction(w, f)
	}
	fmt.Fprintln(w, "}")
}

// dotBlocks joins blocks as bpftool does: what stands behind the end of a function, or
// a jump, and is not jumped to is no block of its own. Such are functions that are
// called by nothing but the kernel.
func dotBlocks(blocks []bytecode.Block) (joined []bytecode.Block) {
	isTarget := make([]bool, len(blocks))
	for _, b := range blocks {
		if b.Jump >= 0 {
			isTarget[b.Jump] = true
		}
	}
	number := make([]int, len(blocks)) // of the block that one has become a part of
	for i, b := range blocks {
		if n := len(joined); n > 0 && !isTarget[i] && (joined[n-1].Ends == bytecode.Exits || joined[n-1].Ends == bytecode.Jumps) {
			b.Start = joined[n-1].Start
			joined = joined[:n-1]
		}
		number[i] = len(joined)
		joined = append(joined, b)
	}
	for i := range joined {
		if to := joined[i].Jump; to >= 0 {
			joined[i].Jump = number[to]
		}
	}
	return joined
}

// The first blocks of each function stand for its start and its end.
const (
	dotEntry = iota
	dotExit
	dotFirst
)

func (l *listing) dotFunction(w *bufio.Writer, f bytecode.Function) {
	fmt.Fprintf(w, "subgraph \"cluster_%d\" {\n\tstyle=\"dashed\";\n\tcolor=\"black\";\n\tlabel=\"func_%d ()\";\n", f.Number, f.Number)
	terminal := func(block int, label string) {
		fmt.Fprintf(w, "\tfn_%d_bb_%d [shape=Mdiamond,style=filled,label=\"%s\"];\n\n", f.Number, block, label)
	}
	terminal(dotEntry, "ENTRY")
	for i, b := range f.Blocks {
		fmt.Fprintf(w, "\tfn_%d_bb_%d [shape=record,style=filled,label=\"{\\\n", f.Number, dotFirst+i)
		l.dotBlock(w, f, b)
		fmt.Fprint(w, "}\"];\n\n")
	}
	terminal(dotExit, "EXIT")
	edge := func(from, to int) {
		fmt.Fprintf(w, "\tfn_%d_bb_%d:s -> fn_%d_bb_%d:n [style=\"solid,bold\", color=black, weight=10, constraint=true];\n",
			f.Number, from, f.Number, to)
	}
	edge(dotEntry, dotFirst)
	for i, b := range f.Blocks {
		for _, to := range dotFollowing(f, i, b) {
			edge(dotFirst+i, to)
		}
	}
	fmt.Fprintf(w, "\tfn_%d_bb_%d:s -> fn_%d_bb_%d:n [style=\"invis\", constraint=true];\n}\n", f.Number, dotEntry, f.Number, dotExit)
}

// dotFollowing returns the blocks that follow block i of a function. bpftool lets the
// end of a function be followed by the block that is behind it, for the
// last one is followed by EXIT.
func dotFollowing(f bytecode.Function, i int, b bytecode.Block) (blocks []int) {
	if b.Ends != bytecode.Jumps {
		behind := dotExit
		if i+1 < len(f.Blocks) {
			behind = dotFirst + i + 1
		}
		blocks = append(blocks, behind)
	}
	if b.Jump >= 0 {
		blocks = append(blocks, dotFirst+b.Jump)
	}
	return blocks
}

// dotBlock writes the rows of a block: its instructions, counted from the start of the
// function.
func (l *listing) dotBlock(w *bufio.Writer, f bytecode.Function, b bytecode.Block) {
	var shown *line
	for slot := b.Start; slot < b.End; slot += bytecode.Slots(l.insns, slot) {
		if s := l.signature(slot); s != "" {
			fmt.Fprintf(w, "; %s:\\l\\\n", s)
		}
		if src := l.source(slot); src != nil && src != shown {
			shown = src
			l.dotSource(w, src)
		}
		text := bytecode.Append(nil, l.insns, slot, l.names)
		fmt.Fprintf(w, "%d: %s\\l\\\n", slot-f.Start, dotText.Replace(string(text)))
		if l.opcodes {
			fmt.Fprintf(w, "\\ \\ \\ \\ %s\\l\\\n", appendBytes(nil, l.bytes(slot)))
		}
		if slot+1 < b.End { // after a wide load at the end, too: as bpftool does
			fmt.Fprint(w, "| ")
		}
	}
}

// What must not stand as it is in the label of a record.
var (
	dotText   = strings.NewReplacer("<", `\<`, ">", `\>`, "|", `\|`, "&", `\&`)
	dotString = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "{", `\{`, "}", `\}`, "<", `\<`, ">", `\>`, "|", `\|`, " ", `\ `)
)

func (l *listing) dotSource(w *bufio.Writer, src *line) {
	if l.linum {
		fmt.Fprintf(w, "; [%s line:%d col:%d]\\l\\\n", dotString.Replace(shortPath(src.file)), src.num, src.column)
	}
	fmt.Fprintf(w, "; %s\\l\\\n", dotString.Replace(trimmed(src.text)))
}

// signature returns that of the function that starts at slot, or "".
func (l *listing) signature(slot int) string {
	i := sort.Search(len(l.funcs), func(i int) bool { return int(l.funcs[i].slot) >= slot })
	if i == len(l.funcs) || int(l.funcs[i].slot) != slot {
		return ""
	}
	return l.funcs[i].signature
}

// source returns the line that the instruction at slot comes from, or nil. Lines
// without a text, which listings show as they are, are none here.
func (l *listing) source(slot int) *line {
	i := sort.Search(len(l.lines), func(i int) bool { return int(l.lines[i].slot) > slot }) - 1
	if i < 0 || l.lines[i].text == "" {
		return nil
	}
	return &l.lines[i]
}

// pathRoom is how long paths in a graph are, in bytes.
const pathRoom = 32

// shortPath returns the end of a path that is too long, from one of its directories on:
// the first that leaves it short enough, or if there is none, the last.
func shortPath(path string) string {
	if len(path) <= pathRoom {
		return path
	}
	cut := strings.IndexByte(path[len(path)-pathRoom:], '/')
	if cut >= 0 {
		if cut += len(path) - pathRoom; cut < len(cutPath) {
			return path
		}
	} else if cut = strings.LastIndexByte(path, '/'); cut <= 0 {
		return path
	}
	return cutPath + path[cut:]
}

// cutPath stands for the start of a path.
const cutPath = "..."
