package mapcmd

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/entries"
)

// A writer writes entries into a map, many at a time.
type writer struct {
	*table
	keys, values []byte
	lines        []int             // from which line each entry is
	fail         func(error) error // decides about an error of a line: nil goes on
}

// newWriter returns a writer for a map whose types have been read, as far as that is
// possible.
func newWriter(t *table, fail func(error) error) *writer {
	room := t.BatchLen()
	return &writer{
		table: t, fail: fail,
		keys:   make([]byte, room*int(t.Info.KeySize)),
		values: make([]byte, room*t.ValueLen()),
		lines:  make([]int, 0, room),
	}
}

// add takes a line. If it is wrong, the entries before it are written at once.
func (w *writer) add(line []byte, n int) error {
	k, v, at := int(w.Info.KeySize), w.ValueLen(), len(w.lines)
	if err := w.parse(w.keys[at*k:][:k], w.values[at*v:][:v], line); err != nil {
		if err := w.flush(); err != nil {
			return err
		}
		return w.fail(fmt.Errorf("line %d: %w", n, err))
	}
	if w.lines = append(w.lines, n); len(w.lines) == cap(w.lines) {
		return w.flush()
	}
	return nil
}

// flush writes what has been added.
func (w *writer) flush() error {
	k, v := int(w.Info.KeySize), w.ValueLen()
	batches := true
	for i := 0; i < len(w.lines); {
		keys, values, n := w.keys[i*k:], w.values[i*v:], len(w.lines)-i
		var err error
		if batches {
			n, err = bpf.UpdateBatch(w.FD, keys, values, n)
			if n == 0 && entries.IsUnsupported(err) {
				batches = false
				continue
			}
		} else if err = bpf.Update(w.FD, keys[:k], values[:v], bpf.Any); err == nil {
			n = 1
		} else {
			n = 0
		}
		if i += n; err == nil {
			continue
		}
		err = fmt.Errorf("line %d: update failed: %w", w.lines[i], err)
		if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOMEM) { // and so would all others
			return err
		}
		if err := w.fail(err); err != nil {
			return err
		}
		i++
	}
	w.lines = w.lines[:0]
	return nil
}

// parse reads a line into key and value.
func (w *writer) parse(key, value, line []byte) error {
	e, err := readLine(line)
	if err != nil {
		return err
	}
	if err := parseData("key", w.Key, key, e.key); err != nil {
		return err
	}
	if w.CPUs == 0 || e.values == nil {
		one := value[:w.Info.ValueSize]
		err := parseData("value", w.Value, one, e.value)
		if w.CPUs > 0 {
			copy(value, w.EveryCPU(one))
		}
		return err
	}
	if len(e.values) > w.CPUs {
		return fmt.Errorf("values of %d CPUs, but there are %d", len(e.values), w.CPUs)
	}
	clear(value)
	for cpu, raw := range e.values {
		if err := parseData(fmt.Sprintf("values[%d]", cpu), w.Value, value[cpu*w.Stride():][:w.Info.ValueSize], raw); err != nil {
			return err
		}
	}
	return nil
}

// parseData reads a key or value: bytes as a string, or what its type spells.
func parseData(what string, typ *btfval.Type, data, text []byte) error {
	digits, ok := bytes.CutPrefix(text, []byte(bytesPrefix))
	digits = bytes.TrimSuffix(digits, []byte{'"'})
	switch fits := len(digits) == 2*len(data); {
	case ok && !fits && typ == nil:
		return fmt.Errorf("%s: %d digits, want those of %d bytes", what, len(digits), len(data))
	case ok && fits: // no text of a type has the same length
		if _, err := hex.Decode(data, digits); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	}
	switch {
	case text == nil:
		return fmt.Errorf("no %q", what)
	case typ == nil:
		return fmt.Errorf("%s: no type is known: want a string of digits, %s..\"", what, bytesPrefix)
	}
	if err := typ.Parse(data, text); err != nil {
		return errors.New(inside(what, err))
	}
	return nil
}
