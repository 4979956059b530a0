package attach

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/usdt"
)

func attachUSDT(a *Attacher, p Program, s names.Section) (*Link, error) {
	path, rest, err := parseFile(s.Rest)
	provider, name, ok := strings.Cut(rest, ":")
	if err != nil || !ok || provider == "" || name == "" || strings.Contains(name, ":") {
		return nil, fmt.Errorf("%q: want path:provider:name", s.Rest)
	}
	m, err := openImage(path)
	if err != nil {
		return nil, err
	}
	defer m.close()
	spots, err := m.spots(provider, name)
	if err != nil {
		return nil, fmt.Errorf("%s: tracepoint %s:%s: %w", m.path, provider, name, err)
	}
	l, err := a.usdt(p, m, spots)
	if err != nil {
		return nil, fmt.Errorf("tracepoint %s:%s of %s: %w", provider, name, m.path, err)
	}
	return l, nil
}

// spots finds the places of a tracepoint.
func (m *image) spots(provider, name string) ([]usdt.Place, error) {
	spots, err := usdt.Places(m.elf, provider, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, render.Hinted{Err: err, Hint: "readelf -n " + m.path + " shows what tracepoints there are"}
	}
	for i := range spots {
		s := &spots[i]
		if s.Offset += m.base; s.Semaphore != 0 {
			s.Semaphore += m.base
		}
	}
	return spots, err
}

// usdt attaches a program to the places of a tracepoint.
func (a *Attacher) usdt(p Program, m *image, spots []usdt.Place) (*Link, error) {
	if a.tables == nil {
		tables, err := a.findTables()
		if err != nil {
			return nil, err
		}
		a.tables = tables
	}
	ids, err := a.tables.describe(spots)
	if err != nil {
		return nil, err
	}
	if p.Attach.String() != "trace_uprobe_multi" {
		return a.tables.probeSpots(p, m, spots, ids)
	}
	l, err := linkSpots(p, m, spots, ids)
	if !errors.Is(err, unix.EINVAL) {
		return l, err
	}
	// Kernels before Linux 6.6 load such programs, but do not know the type.
	if l, second := a.tables.probeSpots(p, m, spots, ids); !errors.Is(second, unix.EINVAL) {
		return l, second
	}
	return nil, err
}

// linkSpots attaches a program by one link. Programs find descriptions by what the link says of places.
func linkSpots(p Program, m *image, spots []usdt.Place, ids []uint32) (*Link, error) {
	u := bpf.Uprobes{Attach: uint32(p.Attach), Path: m.path}
	for i, s := range spots {
		u.Offsets = append(u.Offsets, uintptr(s.Offset))
		u.RefCtrs = append(u.RefCtrs, uintptr(s.Semaphore))
		u.Cookies = append(u.Cookies, uint64(ids[i]))
	}
	l, err := newLink(bpf.CreateUprobesLink(p.FD, u))
	return l, unprobable(err)
}

// probeSpots attaches a program by a link for each place, as before Linux 6.6.
func (t *usdtTables) probeSpots(p Program, m *image, spots []usdt.Place, ids []uint32) (*Link, error) {
	all := new(Link)
	for i := range spots {
		l, err := t.probeSpot(p, m, &spots[i], ids[i])
		if err != nil {
			all.Close()
			return nil, fmt.Errorf("at offset %#x: %w", spots[i].Offset, err)
		}
		all.parts = append(all.parts, l.parts...)
	}
	return all, nil
}

func (t *usdtTables) probeSpot(p Program, m *image, s *usdt.Place, id uint32) (*Link, error) {
	if s.Semaphore != 0 && !uprobes.hasSemaphores() {
		return nil, errors.New("it has a semaphore, for which this kernel does not care: since Linux 4.20")
	}
	if s.Semaphore > math.MaxUint32 {
		return nil, fmt.Errorf("semaphore at offset %#x of the file: events have room for 32 bits", s.Semaphore)
	}
	if !bpf.HasEventLinks(p.FD) {
		if err := t.putAddr(s, id); err != nil {
			return nil, err
		}
	}
	at := bpf.Probe{Name: m.path, Offset: s.Offset, RefCtr: uint32(s.Semaphore)}
	return uprobe(p.FD, at, false, uint64(id))
}
