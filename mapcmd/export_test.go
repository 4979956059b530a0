package mapcmd

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
	"github.com/gobpftool/gobpftool/internal/render"
)

// TestInterrupted ends an export in the middle, which leaves nothing behind.
func TestInterrupted(t *testing.T) {
	fixture.Need(t, fixture.BPF, fixture.Isolation)
	number, _ := names.ParseMapType("array")
	fd, err := bpf.CreateMap(bpf.MapSpec{Type: uint32(number), KeySize: 4, ValueSize: 8, MaxEntries: 2 * progressEvery})
	check(t, err)
	defer fd.Close()
	check(t, bpf.Update(fd, binary.NativeEndian.AppendUint32(nil, 7), make([]byte, 8), bpf.Any))
	made, err := entries.NewTable(fd)
	check(t, err)
	x := &exporter{table: &table{made}, talk: render.NewTalk(io.Discard, true)}
	dir := t.TempDir()
	for name, stopped := range map[string]bool{"whole": false, "half": true} {
		ctx, stop := context.WithCancel(t.Context())
		if stopped {
			stop()
		}
		err := outfile.Write(filepath.Join(dir, name), 0o666, func(w *bufio.Writer) error { return x.write(ctx, w) })
		stop()
		if (err != nil) != stopped {
			t.Errorf("%s: %v", name, err)
		}
	}
	list, err := os.ReadDir(dir)
	check(t, err)
	if len(list) != 1 || list[0].Name() != "whole" {
		t.Errorf("files: %v", list)
	}
}
