package mapcmd

import (
	"context"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// open reads the selector of one map, and opens the map.
func open(c *call.Call, access bpf.Access) (*table, error) {
	if c.Args.Len() < 2 {
		return nil, call.ErrHelp
	}
	fd, err := pick.Map(c.Args, access)
	if err != nil {
		return nil, err
	}
	t, err := newTable(fd)
	if err != nil {
		fd.Close()
	}
	return t, err
}

// keyPart is the part of an element that a command about one key reads: none if
// the map has no keys.
func (t *table) keyPart() int {
	if t.info.KeySize == 0 {
		return 0
	}
	return withKey
}

// openShown is open for a map whose entries are to be shown.
func openShown(c *call.Call, access bpf.Access) (*table, error) {
	t, err := open(c, access)
	if err == nil {
		t.readTypes(c.Talk)
	}
	return t, err
}

// lookup answers "map lookup MAP [key DATA]", and "map peek MAP".
func lookup(_ context.Context, c *call.Call) error {
	t, err := openShown(c, bpf.ReadOnly)
	if err != nil {
		return err
	}
	defer t.fd.Close()
	parts := t.keyPart()
	if t.typ() == "bloom_filter" {
		parts |= withValue // what to look for; the C tool looks for bytes of its own
	}
	e, err := t.readElement(c, parts)
	if err != nil {
		return err
	}
	defer e.Close()
	value := e.value
	if value == nil {
		value = make([]byte, t.valueLen())
	}
	err = bpf.Lookup(t.fd, e.key, value)
	if errors.Is(err, unix.ENOENT) {
		return t.notFound(c, e.key)
	}
	if err != nil {
		return lacks(t.typ(), "lookup", err)
	}
	return t.print(c.Out, &Entry{of: t, Key: e.key, Value: value})
}

// notFound is the answer that there is no such element.
func (t *table) notFound(c *call.Call, key []byte) error {
	c.Out.Note("key:\n%s\n\nNot found\n", render.AppendHex(nil, key))
	c.Out.Null()
	return call.ErrNo
}

// print prints one entry.
func (t *table) print(p *render.Printer, e *Entry) error {
	if p.IsJSON() || t.value == nil {
		return p.One(e.fact())
	}
	return p.Lookalike(func(p *render.Printer) error { return p.One(typed{e}) })
}

// pop answers "map pop MAP" and "map dequeue MAP".
func pop(_ context.Context, c *call.Call) error {
	t, err := openShown(c, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer t.fd.Close()
	e, err := t.readElement(c, t.keyPart())
	if err != nil {
		return err
	}
	defer e.Close()
	value := make([]byte, t.valueLen())
	err = bpf.Pop(t.fd, e.key, value)
	if errors.Is(err, unix.ENOENT) {
		c.Out.Note("Error: empty map\n") // scripts look for it on standard output
		c.Out.Null()
		return call.ErrNo
	}
	if err != nil {
		return lacks(t.typ(), "pop", err)
	}
	return t.print(c.Out, &Entry{of: t, Key: e.key, Value: value})
}
