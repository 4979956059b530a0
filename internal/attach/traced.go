package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
)

// tracedGroup is the category of the tracepoints that are made for probes.
const tracedGroup = "gobpftool"

// openTraced makes an event of a probe that is first made a tracepoint, as before Linux 4.17.
//
// Source: Documentation/trace/{kprobetrace,uprobetracer}.rst of the kernel.
func (m maker) openTraced(p bpf.Probe, onReturn bool) (event bpf.FD, undo func(), err error) {
	dir, err := bpffs.Tracing()
	if err != nil {
		return 0, nil, err
	}
	table := filepath.Join(dir, string(m)+"_events")
	if _, err := os.Stat(table); errors.Is(err, fs.ErrNotExist) {
		return 0, nil, m.missing()
	}
	name, err := m.trace(table, p, onReturn)
	if err != nil {
		return 0, nil, err
	}
	undo = func() { _ = appendLine(table, "-:"+tracedGroup+"/"+name) } // it stays while something uses it
	id, err := tracepoint(tracedGroup, name)
	if err == nil {
		event, err = bpf.OpenTracepoint(id)
	}
	if err != nil {
		undo()
		return 0, nil, err
	}
	return event, undo, nil
}

// mostTraced bounds how many probes of one process are told apart.
const mostTraced = 1 << 16

// trace makes the tracepoint of a probe, under a name that no other has.
func (m maker) trace(table string, p bpf.Probe, onReturn bool) (name string, err error) {
	dir := filepath.Join(filepath.Dir(table), "events", tracedGroup)
	for n := range mostTraced {
		name := fmt.Sprintf("%s_%d_%d", m, os.Getpid(), n)
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, fs.ErrNotExist) {
			return name, appendLine(table, m.definition(name, p, onReturn))
		}
	}
	return "", fmt.Errorf("%s: %d probes of this process", dir, mostTraced)
}

// definition is the line that makes a probe.
func (m maker) definition(name string, p bpf.Probe, onReturn bool) string {
	var b strings.Builder
	b.WriteString(map[bool]string{false: "p", true: "r"}[onReturn])
	fmt.Fprintf(&b, ":%s/%s %s", tracedGroup, name, p.Name)
	switch {
	case m == uprobes:
		fmt.Fprintf(&b, ":%#x", p.Offset)
	case p.Offset != 0:
		fmt.Fprintf(&b, "+%d", p.Offset)
	}
	if p.RefCtr != 0 {
		fmt.Fprintf(&b, "(%#x)", p.RefCtr)
	}
	return b.String()
}

// appendLine writes a line to a file of tracefs, of which each is a command.
func appendLine(path, line string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}
