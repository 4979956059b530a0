package pick

import (
	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/call"
)

// Pin answers "pin OBJECT FILE" for the object that open picks.
//
// Words behind the path mean nothing, as in bpftool.
func Pin(c *call.Call, open func(*args.Args) (bpf.FD, error)) error {
	if err := c.Args.Need(3); err != nil {
		return err
	}
	fd, err := open(c.Args)
	if err != nil {
		return err
	}
	defer fd.Close()
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	if err := bpffs.Pin(fd, path, !c.NoMount); err != nil {
		return err
	}
	c.Out.Null()
	return nil
}
