package mapcmd

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os/signal"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/outfile"
	"github.com/gobpftool/gobpftool/internal/render"
)

// export answers "map export MAP FILE".
func export(ctx context.Context, c *call.Call) error {
	t, err := openShown(c, bpf.ReadOnly)
	if err != nil {
		return err
	}
	defer t.FD.Close()
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	if err := c.Args.Done(); err != nil {
		return err
	}
	if err := t.checkPortable(); err != nil {
		return err
	}
	x := &exporter{table: t, talk: c.Talk}
	if path == "-" {
		w, err := c.Out.Text("map export")
		if err != nil {
			return err
		}
		return x.write(ctx, w)
	}
	// To leave no half of a file behind. A second signal does not wait.
	ctx, stop := signal.NotifyContext(ctx, unix.SIGINT, unix.SIGHUP, unix.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := outfile.Write(path, 0o666, func(w *bufio.Writer) error { return x.write(ctx, w) }); err != nil {
		return err
	}
	c.Out.Null()
	return nil
}

// An exporter writes the lines of an exported map.
type exporter struct {
	*table
	talk    *render.Talk
	scratch []byte // to read again what was written
}

// progressEvery is after how many entries progress is shown.
const progressEvery = 1 << 14

// write writes the definition and then a line for each entry. w keeps its first error.
func (x *exporter) write(ctx context.Context, w *bufio.Writer) error {
	d, err := x.definition()
	if err != nil {
		return err
	}
	head, err := json.Marshal(d)
	if err != nil {
		return err
	}
	w.Write(append(head, '\n'))
	n := 0
	for e, err := range x.All() {
		if err != nil {
			return err
		}
		if errors.Is(e.Err, unix.ENOENT) {
			continue // a slot that is empty
		}
		if e.Err != nil {
			return x.Failure("lookup", e.Err)
		}
		if n++; n%progressEvery == 0 {
			x.talk.Progress("%d entries", n)
			if ctx.Err() != nil {
				return errors.New("interrupted")
			}
		}
		if _, err := w.Write(x.append(w.AvailableBuffer(), e)); err != nil {
			return fmt.Errorf("writing the entries: %s", names.Reason(err))
		}
	}
	return nil
}

// append appends the line of an entry.
func (x *exporter) append(b []byte, e *entries.Entry) []byte {
	b = append(b, `{"key":`...)
	b = x.appendData(b, x.Key, e.Key)
	if x.CPUs == 0 {
		b = append(b, `,"value":`...)
		b = x.appendData(b, x.Value, e.Value)
		return append(b, '}', '\n')
	}
	b = append(b, `,"values":`...)
	for cpu := range x.CPUs {
		b = append(b, "[,"[min(cpu, 1)])
		b = x.appendData(b, x.Value, e.CPUValue(cpu))
	}
	return append(b, ']', '}', '\n')
}

// appendData appends a key or value as its type spells it, or if that does not keep all
// of its bits, or there is no type, its bytes.
func (x *exporter) appendData(b []byte, typ *btfval.Type, data []byte) []byte {
	if typ != nil && typ.Size() == len(data) {
		n := len(b)
		b = typ.AppendJSON(b, data)
		x.scratch = append(x.scratch[:0], data...)
		if err := parseData("", typ, x.scratch, b[n:]); err == nil && bytes.Equal(x.scratch, data) {
			return b
		}
		b = b[:n]
	}
	b = append(b, bytesPrefix...)
	b = hex.AppendEncode(b, data)
	return append(b, '"')
}

// bytesPrefix begins a string that has the bytes of a key or value in hexadecimal.
const bytesPrefix = `"hex:`
