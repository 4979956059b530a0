package mapcmd

import (
	"context"
	"errors"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/render"
)

// lookup answers "map lookup MAP [key DATA]", and "map peek MAP".
func lookup(_ context.Context, c *call.Call) error {
	t, err := openShown(c, bpf.ReadOnly)
	if err != nil {
		return err
	}
	defer t.FD.Close()
	parts := t.keyPart()
	if t.Type() == "bloom_filter" {
		parts |= withValue // what to look for; the C tool looks for bytes of its own
	}
	e, err := t.readElement(c, parts)
	if err != nil {
		return err
	}
	defer e.Close()
	value := e.value
	if value == nil {
		value = make([]byte, t.ValueLen())
	}
	err = bpf.Lookup(t.FD, e.key, value)
	if errors.Is(err, unix.ENOENT) {
		return t.notFound(c, e.key)
	}
	if err != nil {
		return t.Failure("lookup", err)
	}
	return t.print(c.Out, &entries.Entry{Of: t.Table, Key: e.key, Value: value})
}

// notFound is the answer that there is no such element.
func (t *table) notFound(c *call.Call, key []byte) error {
	c.Out.Note("key:\n%s\n\nNot found\n", render.AppendHex(nil, key))
	c.Out.Null()
	return call.ErrNo
}

// print prints one entry.
func (t *table) print(p *render.Printer, e *entries.Entry) error {
	if p.IsJSON() || t.Value == nil {
		return p.One(e.Fact())
	}
	return p.Lookalike(func(p *render.Printer) error { return p.One(entries.Typed{Entry: e}) })
}

// pop answers "map pop MAP" and "map dequeue MAP".
func pop(_ context.Context, c *call.Call) error {
	t, err := openShown(c, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer t.FD.Close()
	e, err := t.readElement(c, t.keyPart())
	if err != nil {
		return err
	}
	defer e.Close()
	value := make([]byte, t.ValueLen())
	err = bpf.Pop(t.FD, e.key, value)
	if errors.Is(err, unix.ENOENT) {
		c.Out.Note("Error: empty map\n") // scripts look for it on standard output
		c.Out.Null()
		return call.ErrNo
	}
	if err != nil {
		return t.Failure("pop", err)
	}
	return t.print(c.Out, &entries.Entry{Of: t.Table, Key: e.key, Value: value})
}
