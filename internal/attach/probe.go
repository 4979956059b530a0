package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A maker is what the kernel calls a source of events, and how it was done before there was one.
type maker string

// Those that make probes.
const (
	kprobes maker = "kprobe"
	uprobes maker = "uprobe"
)

// dir is where the kernel describes the source. It is there since Linux 4.17.
func (m maker) dir() string { return filepath.Join("/sys/bus/event_source/devices", string(m)) }

// open makes an event of a probe. undo is what takes the probe away once the event is closed, or nil.
func (m maker) open(p bpf.Probe, onReturn bool) (event bpf.FD, undo func(), err error) {
	source, err := readNumber(filepath.Join(m.dir(), "type"))
	if errors.Is(err, fs.ErrNotExist) {
		return m.openTraced(p, onReturn)
	}
	if err == nil && onReturn {
		p.Return, err = m.returnBit()
	}
	if err != nil {
		return 0, nil, err
	}
	p.Source = uint32(source)
	event, err = bpf.OpenProbe(p)
	return event, nil, denied(err)
}

// returnBit returns the bit that means the end of a function, of which the kernel writes "config:0".
func (m maker) returnBit() (uint64, error) {
	path := filepath.Join(m.dir(), "format/retprobe")
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	word, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "config:")
	bit, err := strconv.ParseUint(word, 10, 8)
	if !ok || err != nil || bit > 63 {
		return 0, fmt.Errorf("%s: %q, want config:bit", path, text)
	}
	return 1 << bit, nil
}

// hasSemaphores reports whether the kernel counts at probes of files how many there are: since Linux 4.20.
func (m maker) hasSemaphores() bool {
	_, err := os.Stat(filepath.Join(m.dir(), "format/ref_ctr_offset"))
	return err == nil
}

// missing says that a kernel makes no such probes.
func (m maker) missing() error {
	option := map[maker]string{kprobes: "CONFIG_KPROBE_EVENTS", uprobes: "CONFIG_UPROBE_EVENTS"}[m]
	return render.Hinted{
		Err:  notFound(fmt.Sprintf("this kernel makes no %ss: neither %s nor %s_events in tracefs", m, m.dir(), m)),
		Hint: "it wants a kernel that was built with " + option,
	}
}
