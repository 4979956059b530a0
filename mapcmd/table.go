package mapcmd

import (
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// A table is a map that a command is about.
type table struct{ *entries.Table }

// open reads the selector of one map, and opens the map.
func open(c *call.Call, access bpf.Access) (*table, error) {
	if c.Args.Len() < 2 {
		return nil, call.ErrHelp
	}
	fd, err := pick.Map(c.Args, access)
	if err != nil {
		return nil, err
	}
	t, err := entries.NewTable(fd)
	if err != nil {
		fd.Close()
		return nil, err
	}
	return &table{t}, nil
}

// openShown is open for a map whose entries are to be shown.
func openShown(c *call.Call, access bpf.Access) (*table, error) {
	t, err := open(c, access)
	if err == nil {
		t.ReadTypes(c.Talk)
	}
	return t, err
}

// keyPart is the part of an element that a command about one key reads: none if
// the map has no keys.
func (t *table) keyPart() int {
	if t.Info.KeySize == 0 {
		return 0
	}
	return withKey
}
