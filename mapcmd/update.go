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
	defer t.FD.Close()
	parts := t.keyPart() | withFlag
	if t.Info.ValueSize > 0 {
		parts |= withValue
	}
	e, err := t.readElement(c, parts)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := bpf.Update(t.FD, e.key, e.value, e.flag); err != nil {
		return t.Failure("update", err)
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
	defer t.FD.Close()
	e, err := t.readElement(c, withKey)
	if err != nil {
		return err
	}
	defer e.Close()
	if err := bpf.Delete(t.FD, e.key); err != nil {
		return t.Failure("delete", err)
	}
	c.Out.Null()
	return nil
}
