package mapcmd

import (
	"context"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
)

// update answers "map update MAP [key DATA] [value VALUE] [any | exist | noexist]",
// and "map push" and "map enqueue".
func update(_ context.Context, c *call.Call) error {
	t, err := open(c, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer t.fd.Close()
	parts := t.keyPart() | withFlag
	if t.info.ValueSize > 0 {
		parts |= withValue
	}
	e, err := t.readElement(c, parts)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := bpf.Update(t.fd, e.key, e.value, e.flag); err != nil {
		return lacks(t.typ(), "update", err)
	}
	c.Out.Null()
	return nil
}

// remove answers "map delete MAP key DATA".
func remove(_ context.Context, c *call.Call) error {
	t, err := open(c, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer t.fd.Close()
	e, err := t.readElement(c, withKey)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := bpf.Delete(t.fd, e.key); err != nil {
		return lacks(t.typ(), "delete", err)
	}
	c.Out.Null()
	return nil
}
