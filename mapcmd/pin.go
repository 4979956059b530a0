package mapcmd

import (
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// pin answers "map pin MAP FILE".
func pin(_ context.Context, c *call.Call) error {
	return pick.Pin(c, func(a *args.Args) (bpf.FD, error) { return pick.Map(a, bpf.ReadOnly) })
}

// freeze answers "map freeze MAP".
func freeze(_ context.Context, c *call.Call) error {
	if err := c.Args.Need(2); err != nil {
		return err
	}
	fd, err := pick.Map(c.Args, bpf.ReadWrite)
	if err != nil {
		return err
	}
	defer fd.Close()
	if err := c.Args.Done(); err != nil {
		return err
	}
	if err := bpf.Freeze(fd); err != nil {
		return fmt.Errorf("failed to freeze map: %w", err)
	}
	c.Out.Null()
	return nil
}
