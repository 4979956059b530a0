package mapcmd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/gobpftool/gobpftool/internal/args"
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
	if err := r.into(t); err != nil {
		return err
	}
	return bpffs.Pin(fd, path, !c.NoMount)
}

// An importFile is an exported map that is being read.
type importFile struct {
	io.Closer
	definition *Definition
	lines      *bufio.Scanner // behind the definition
	n          int            // lines read
	goOn       bool           // after lines that are wrong
	call       *call.Call
}

const (
	usualLine = 1 << 16 // bytes
	maxLine   = 1 << 28
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
	r := &importFile{Closer: closer, lines: bufio.NewScanner(in), goOn: goOn, call: c}
	r.lines.Buffer(make([]byte, usualLine), maxLine)
	if r.definition, err = r.head(); err != nil {
		closer.Close()
		return nil, err
	}
	return r, nil
}

// head reads the definition.
func (r *importFile) head() (*Definition, error) {
	line, err := r.next()
	if err == io.EOF {
		return nil, args.Errorf("line 1: the definition of a map expected, but the file is empty")
	}
	if err != nil {
		return nil, err
	}
	d := &Definition{}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(d); err != nil {
		return nil, fmt.Errorf("line 1: no definition of a map: %w", err)
	}
	if d.Format != exportFormat {
		return nil, fmt.Errorf("line 1: format %q, want %q", d.Format, exportFormat)
	}
	return d, nil
}

// next reads a line, or returns [io.EOF]. The line is good until the next one is read.
func (r *importFile) next() ([]byte, error) {
	if r.lines.Scan() {
		r.n++
		return r.lines.Bytes(), nil
	}
	if err := r.lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %s", r.n+1, names.Reason(err))
	}
	return nil, io.EOF
}

// into writes all entries into a map. Before a line that is wrong all are written, after
// it none, unless it is to go on.
func (r *importFile) into(t *table) error {
	talk := r.call.Talk
	if err := t.CompileTypes(); err != nil {
		talk.Warn("Warning: the types of map %d cannot be read, so that only bytes can: %v", t.Info.ID, err)
	}
	wrong := 0
	w := newWriter(t, func(err error) error {
		if wrong++; r.goOn {
			talk.Warn("%v", err)
			return nil
		}
		return err
	})
	for {
		line, err := r.next()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = w.add(line, r.n)
		}
		if err != nil {
			return err
		}
		if r.n%progressEvery == 0 {
			talk.Progress("%d lines", r.n)
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d lines are wrong, and were left out", wrong, r.n)
	}
	return nil
}
