package prog

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
)

// runWords are what the words behind the program say.
type runWords struct {
	data, context port
	repeat        uint32 // 0 if it was not said
}

// A port is where bytes come from that the program gets, and where they go when it is done.
type port struct {
	in, out *string // files, "-" for standard input and for the answer; nil if there are none
	size    uint32  // room for what comes out, in bytes; 0 if it was not said
}

// standard is the name of standard input, and of the answer.
const standard = "-"

// readRunWords reads the words behind the program.
func readRunWords(a *args.Args) (*runWords, error) {
	w := new(runWords)
	for a.Len() > 0 {
		if err := w.read(a); err != nil {
			return nil, err
		}
		if w.data.in != nil && w.context.in != nil && *w.data.in == standard && *w.context.in == standard {
			return nil, args.Errorf("cannot use standard input for both data_in and ctx_in")
		}
	}
	return w, nil
}

// read reads a word and what belongs to it.
func (w *runWords) read(a *args.Args) (err error) {
	if err := ambiguous(a.Peek(), "data_in", "data_out", "data_size_out"); err != nil {
		return err
	}
	if err := ambiguous(a.Peek(), "ctx_in", "ctx_out", "ctx_size_out"); err != nil {
		return err
	}
	switch {
	case a.Is("data_in"):
		w.data.in, err = fileName(a)
	case a.Is("data_out"):
		w.data.out, err = fileName(a)
	case a.Is("data_size_out"):
		w.data.size, err = a.Uint32("output data size")
	case a.Is("ctx_in"):
		w.context.in, err = fileName(a)
	case a.Is("ctx_out"):
		w.context.out, err = fileName(a)
	case a.Is("ctx_size_out"):
		w.context.size, err = a.Uint32("output context size")
	case a.Is("repeat"):
		w.repeat, err = a.Uint32("repeat number")
	default:
		err = args.Errorf("expected no more arguments, 'data_in', 'data_out', 'data_size_out', "+
			"'ctx_in', 'ctx_out', 'ctx_size_out' or 'repeat', got: '%s'?", a.Peek())
	}
	return err
}

// fileName reads the name of a file.
func fileName(a *args.Args) (*string, error) {
	name, err := a.Next(1)
	return &name, err
}

// ambiguous fails if a word stands for several keywords.
func ambiguous(word string, keywords ...string) error {
	var fitting []string
	for _, k := range keywords {
		if args.Abbreviates(word, k) {
			fitting = append(fitting, "'"+k+"'")
		}
	}
	if len(fitting) < 2 {
		return nil
	}
	return args.Errorf("ambiguous prefix: '%s' could be %s", word, strings.Join(fitting, " or "))
}

// read reads the bytes that the program gets.
func (p *port) read(stdin io.Reader) ([]byte, error) {
	if p.in == nil {
		return nil, nil
	}
	name := *p.in
	if name != standard {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("failed to open %s: %s", name, names.Reason(err))
		}
		defer f.Close()
		stdin = f
	}
	return readInput(name, stdin, math.MaxUint32)
}

// readInput reads all of a file, but no more than limit bytes.
func readInput(name string, r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("failed to read data_in/ctx_in from %s: %s", name, names.Reason(err))
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("data_in/ctx_in is too long (max: %d)", limit)
	}
	return b, nil
}

// usualRoom is how many bytes may come out if nothing else is said, as in bpftool.
const usualRoom = 32 << 10

// room returns memory for what comes out, or nil if that is not wanted, or in has nothing that it could
// come of.
func (p *port) room(in []byte) []byte {
	switch {
	case len(in) == 0 || p.out == nil && p.size == 0:
		return nil
	case p.size == 0:
		return make([]byte, usualRoom)
	}
	return make([]byte, p.size)
}

// write writes what came out, if that is anything, to the file where it is wanted. It returns what is
// to be shown instead.
func (p *port) write(b []byte) (shown octets, err error) {
	switch {
	case p.out == nil || len(b) == 0:
		return nil, nil
	case *p.out == standard:
		return b, nil
	}
	err = outfile.Write(*p.out, 0o666, func(w *bufio.Writer) error {
		w.Write(b) // w keeps its first error
		return nil
	})
	if where := (*fs.PathError)(nil); errors.As(err, &where) && where.Op == "open" {
		return nil, fmt.Errorf("failed to open %s: %s", *p.out, names.Reason(err))
	}
	if err != nil {
		return nil, fmt.Errorf("failed to write output data/ctx: %s", names.Reason(err))
	}
	return nil, nil
}
