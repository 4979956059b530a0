package link

import (
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// detach answers "link detach LINK".
func detach(_ context.Context, c *call.Call) error {
	if c.Args.Len() != 2 {
		return args.Errorf("link specifier is invalid or missing")
	}
	fd, err := pick.Link(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	if err := bpf.DetachLink(fd); err != nil {
		return fmt.Errorf("failed link detach: %w", err)
	}
	c.Out.Null()
	return nil
}
