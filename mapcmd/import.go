package mapcmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/names"
)

// importMap answers "map import { MAP | create FILE } FILE [continue]".
func importMap(_ context.Context, c *call.Call) error {
	if c.Args.Len() < 3 {
		return call.ErrHelp
	}
	var err error
	if c.Args.Is("create") {
		err = importNew(c)
	} else {
		err = importInto(c)
	}
	if err == nil {
		c.Out.Null()
	}
	return err
}

// importInto reads entries into a map that there is.
func importInto(c *call.Call) error {
	t, err := open(c, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer t.FD.Close()
	if err := t.checkPortable(); err != nil {
		return err
	}
	r, err := openImport(c)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.definition.check(t); err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	return r.into(t)
}

// importNew makes a map, reads entries into it, and pins it once it has them all.
func importNew(c *call.Call) error {
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	if err := bpffs.Check(path); err != nil { // before all is read
		return err
	}
	r, err := openImport(c)
	if err != nil {
		return err
	}
	defer r.Close()
	fd, err := r.definition.create()
	if err != nil {
		return err
	}
	defer fd.Close()
	made, err := entries.NewTable(fd)
	if err != nil {
		return err
	}
	t := &table{made}
	if err := t.checkPortable(); err != nil {
		return err
	}
	left := r.into(t)
	if left != nil && !errors.As(left, new(leftOut)) {
		return left
	}
	if err := bpffs.Pin(fd, path, !c.NoMount); err != nil {
		return err
	}
	return left
}

// An importFile is an exported map that is being read.
type importFile struct {
	io.Closer
	definition *Definition
	text       *bufio.Reader  // behind the definition
	lines      *bufio.Scanner // of it
	n          int            // lines of entries read
	goOn       bool           // after lines that are wrong
	call       *call.Call
}

// Bounds of what is kept of a file, in bytes.
const (
	maxHead  = 1 << 26 // the definition, with its types
	usual    = 1 << 16 // a line, and each byte of an entry is
	spelling = 256     // so much of it at the most
)

// openImport reads the words "FILE [continue]", and the first line of the file.
func openImport(c *call.Call) (*importFile, error) {
	path, err := c.Args.Next(1)
	if err != nil {
		return nil, err
	}
	goOn := c.Args.Is("continue")
	if err := c.Args.Done(); err != nil {
		return nil, err
	}
	in, closer := c.In, io.Closer(io.NopCloser(nil))
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("reading '%s': %s", path, names.Reason(err))
		}
		in, closer = f, f
	}
	r := &importFile{Closer: closer, text: bufio.NewReaderSize(in, usual), goOn: goOn, call: c}
	if r.definition, err = head(r.text); err != nil {
		closer.Close()
		return nil, err
	}
	return r, nil
}

// scan begins with the lines of entries, which are no longer than those of a map can be.
func (r *importFile) scan(t *table) {
	r.lines = bufio.NewScanner(r.text)
	r.lines.Buffer(make([]byte, usual), usual+spelling*(int(t.Info.KeySize)+t.ValueLen()))
}

// head reads the definition, which is the first line.
func head(text *bufio.Reader) (*Definition, error) {
	var line []byte
	for more := true; more; {
		piece, err := text.ReadSlice('\n')
		line = append(line, piece...)
		more = errors.Is(err, bufio.ErrBufferFull)
		switch {
		case err != nil && err != io.EOF && !more:
			return nil, fmt.Errorf("line 1: %s", names.Reason(err))
		case len(line) > maxHead:
			return nil, fmt.Errorf("line 1: no definition of a map: more than %d bytes", maxHead)
		}
	}
	if len(line) == 0 {
		return nil, errors.New("line 1: the definition of a map expected, but the file is empty")
	}
	d := &Definition{}
	if err := only(line, d); err != nil {
		return nil, fmt.Errorf("line 1: no definition of a map: %w", err)
	}
	if d.Format != exportFormat {
		return nil, fmt.Errorf("line 1: format %q, want %q", d.Format, exportFormat)
	}
	if here := byteOrder(); d.Order != here {
		return nil, fmt.Errorf("line 1: bytes of a machine whose order is %q, and here it is %q", d.Order, here)
	}
	return d, nil
}

// broken says why no more lines could be read. It is nil at the end of the file.
func (r *importFile) broken() error {
	switch err := r.lines.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d: longer than an entry can be", 1+r.n+1)
	default:
		return fmt.Errorf("line %d: %s", 1+r.n+1, names.Reason(err))
	}
}

// into writes all entries into a map. Before a line that is wrong all are written, after
// it none, unless it is to go on.
func (r *importFile) into(t *table) error {
	talk := r.call.Talk
	if err := t.CompileTypes(); err != nil {
		talk.Warn("Warning: the types of map %d cannot be read, so that only bytes can: %v", t.Info.ID, err)
	}
	var left leftOut
	w := newWriter(t, func(err error) error {
		if !r.goOn {
			return err
		}
		if left.wrong++; left.wrong == 1 {
			left.first = err
		}
		talk.Warn("%v", err)
		return nil
	})
	for r.scan(t); r.lines.Scan(); {
		r.n++
		if err := w.add(r.lines.Bytes(), 1+r.n); err != nil {
			return err
		}
		if r.n%progressEvery == 0 {
			talk.Progress("%d lines", r.n)
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	if err := r.broken(); err != nil {
		return err
	}
	if strings.HasPrefix(t.Type(), "lru") {
		talk.Warn("Warning: an %s drops entries to make room, and may do so before it is full", t.Type())
	}
	if left.wrong > 0 {
		left.of = r.n
		return left
	}
	return nil
}

// leftOut is the error of lines that are wrong when all others have been read.
type leftOut struct {
	wrong, of int
	first     error
}

func (e leftOut) Error() string {
	return fmt.Sprintf("%d of %d entries are wrong, and were left out; the first one: %v", e.wrong, e.of, e.first)
}
