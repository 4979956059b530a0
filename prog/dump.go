package prog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// dump answers "prog dump".
func dump(_ context.Context, c *call.Call) error {
	// What is read is printed, and leaves next to no garbage.
	defer debug.SetGCPercent(debug.SetGCPercent(patientGC))
	switch {
	case c.Args.Is("xlated"):
		if c.Args.Len() > 0 && c.Args.Is("object") {
			return dumpObject(c)
		}
		return dumpLoaded(c, xlated)
	case c.Args.Is("jited"):
		return dumpLoaded(c, jited)
	}
	return args.Errorf("expected 'xlated' or 'jited', got: %s", c.Args.Peek())
}

// patientGC is how much garbage there may be, in percent of what is in use.
const patientGC = 400

// A form of a program's code is what can be dumped of it.
type form struct {
	bytes   func(*code) ([]byte, error)
	listing func(*code, style) (render.Fact, error)
	graph   bool // it can be drawn
}

var (
	xlated = form{bytes: (*code).xlated, listing: (*code).instructions, graph: true}
	jited  = form{bytes: (*code).jited, listing: (*code).machineCode}
)

// dumpLoaded answers "prog dump { xlated | jited } PROG ...".
func dumpLoaded(c *call.Call, f form) error {
	if c.Args.Len() < 2 {
		return call.ErrHelp
	}
	fds, err := pick.Progs(c.Args)
	if err != nil {
		return err
	}
	codes, err := pick.Each(fds, readCode)
	if err != nil {
		return err
	}
	o, err := readDumpOptions(c, f, len(codes))
	if err != nil {
		return err
	}
	for _, code := range codes {
		o.missing(c.Talk, fmt.Sprintf("program %d", code.info.ID), code.types != nil, len(code.Lines))
	}
	switch {
	case o.file != "":
		b, err := f.bytes(codes[0])
		if err != nil {
			return err
		}
		return save(c.Out, o.file, b)
	case o.visual != "" && f.graph: // without one, bpftool ignores the word
		l, err := codes[0].listing(o.style)
		if err != nil {
			return err
		}
		return draw(c.Out, codes[0].heading().subject(), l, o)
	case len(codes) == 1:
		return dumpOne(c.Out, codes[0], f, o.style)
	}
	return each(c.Out, codes, func(code *code) error {
		return c.Out.Section(code.heading(), "insns", func() error { return dumpOne(c.Out, code, f, o.style) })
	})
}

// each prints several programs, with an empty line between two.
func each[P any](p *render.Printer, programs []P, dump func(P) error) error {
	return p.Array(func() error {
		for i, program := range programs {
			if i > 0 {
				p.Note("\n")
			}
			if err := dump(program); err != nil {
				return err
			}
		}
		return nil
	})
}

// dumpOne prints the code of one program.
func dumpOne(p *render.Printer, code *code, f form, s style) error {
	fact, err := f.listing(code, s)
	if err != nil {
		return err
	}
	return p.One(fact)
}

// Plain implements [render.Fact].
func (h *Heading) Plain(w *bufio.Writer) {
	h.plain(w, nil)
	fmt.Fprintln(w)
}

// save writes code as it is into a file.
func save(p *render.Printer, path string, code []byte) error {
	err := outfile.Write(path, 0o600, func(w *bufio.Writer) error {
		w.Write(code) // w keeps its first error
		return nil
	})
	var failed *outfile.Error
	if !errors.As(err, &failed) { // the function above returns none
		p.Null()
		return nil
	}
	if where := (*fs.PathError)(nil); errors.As(err, &where) && where.Op == "open" {
		return fmt.Errorf("can't open file %s: %s", path, names.Reason(where.Err))
	}
	return fmt.Errorf("error writing output file: %s", names.Reason(failed.Err))
}

// dumpOptions are the words after the selector.
type dumpOptions struct {
	file   string // where the bytes are to be written, or ""
	visual string // the language of the graph that is to be drawn, or ""
	style
}

// readDumpOptions reads the words after a selector that n programs match.
func readDumpOptions(c *call.Call, f form, n int) (o dumpOptions, err error) {
	for c.Args.Len() > 0 {
		switch {
		case c.Args.Is("file"):
			err = o.readFile(c.Args, n)
		case c.Args.Is("opcodes"):
			o.opcodes = true
		case c.Args.Is("visual"):
			err = o.readVisual(c.Args, f, n)
		case c.Args.Is("linum"):
			o.linum = true
		default:
			err = call.ErrHelp
		}
		if err != nil {
			return o, err
		}
	}
	switch {
	case o.file != "" && (o.opcodes || o.linum || o.visual != ""):
		return o, args.Errorf("'file' is not compatible with 'opcodes', 'visual', or 'linum'")
	case o.visual != "" && c.Out.IsJSON():
		return o, args.Errorf("'visual' is not compatible with JSON output")
	}
	return o, nil
}

// missing says why no lines are shown of a program although they were asked for. typed says
// whether there is BTF.
func (o *dumpOptions) missing(talk *render.Talk, program string, typed bool, lines int) {
	switch {
	case !o.linum || lines > 0:
	case !typed:
		talk.Warn("hint: %s has no BTF, which would tell its functions and lines: compile it with -g", program)
	default:
		talk.Warn("hint: %s has BTF, but no line info, which would tell its lines", program)
	}
}

func (o *dumpOptions) readFile(a *args.Args, n int) error {
	switch {
	case a.Len() == 0:
		return args.Errorf("expected file path")
	case n > 1:
		return errSeveral
	}
	path, err := a.Next(1)
	o.file = path
	return err
}

var errSeveral = args.Errorf("several programs matched")

// readVisual reads what may follow the word visual: the language of the graph.
func (o *dumpOptions) readVisual(a *args.Args, f form, n int) error {
	if n > 1 {
		return errSeveral
	}
	o.visual = "dot"
	if strings.HasPrefix("file", a.Peek()) || !a.Is("format") { // "file" comes first
		return nil
	}
	if !f.graph {
		return args.Errorf("graphs are drawn of 'xlated' only")
	}
	for _, language := range []string{"dot", "html"} {
		if a.Is(language) {
			o.visual = language
			return nil
		}
	}
	return args.Errorf("expected 'dot' or 'html', got: %s", a.Peek())
}
