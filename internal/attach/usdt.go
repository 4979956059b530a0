package attach

import (
	"debug/elf"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A spot is where a user-space tracepoint is, and how programs find its arguments.
type spot struct {
	addr      uint64 // for which the image was made
	offset    uint64 // in the file, in bytes
	semaphore uint64 // likewise, or 0
	text      string // where arguments are, as the note has it
	arguments []argument
}

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
func (m *image) spots(provider, name string) (spots []spot, err error) {
	section := m.elf.Section(noteSection)
	if section == nil {
		return nil, fmt.Errorf("no tracepoints: no section %s", noteSection)
	}
	rules := archOf(m.elf.Machine)
	if rules == nil || m.elf.Class != elf.ELFCLASS64 {
		return nil, fmt.Errorf("a file for %s, of %s: nothing is known about its arguments", m.elf.Machine, m.elf.Class)
	}
	data, err := section.Data()
	if err != nil {
		return nil, err
	}
	notes, err := parseNotes(data, m.elf.ByteOrder)
	if err != nil {
		return nil, err
	}
	for i := range notes {
		if n := &notes[i]; n.provider == provider && n.name == name {
			s, err := m.spot(n, rules)
			if err != nil {
				return nil, fmt.Errorf("at %#x: %w", n.at, err)
			}
			spots = append(spots, s)
		}
	}
	if len(spots) == 0 {
		return nil, render.Hinted{Err: notFound("none among " + strconv.Itoa(len(notes))), Hint: "readelf -n " + m.path + " shows what tracepoints there are"}
	}
	return spots, nil
}

// spot finds the place that a note describes.
func (m *image) spot(n *note, rules *arch) (s spot, err error) {
	s = spot{addr: n.at, text: n.arguments}
	// What moves an image later does not change notes, but moves the section that they say was at base.
	if base := m.elf.Section(baseSection); base != nil && n.base != 0 {
		s.addr += base.Addr - n.base
	}
	if s.offset, err = m.fileOffset(s.addr, elf.PF_X); err != nil {
		return s, err
	}
	if m.hasLongNop(s.offset) && fastProbes() {
		s.addr, s.offset = s.addr+1, s.offset+1
	}
	if n.semaphore != 0 {
		if s.semaphore, err = m.fileOffset(n.semaphore, 0); err != nil {
			return s, fmt.Errorf("semaphore: %w", err)
		}
	}
	s.arguments, err = parseArguments(n.arguments, rules)
	return s, err
}

// fileOffset returns what the kernel puts at an address, as an offset in the file that has the image, in bytes.
// The memory there must have the given flags.
func (m *image) fileOffset(addr uint64, flags elf.ProgFlag) (uint64, error) {
	for _, p := range m.elf.Progs {
		if p.Type == elf.PT_LOAD && addr >= p.Vaddr && addr-p.Vaddr < p.Memsz && p.Flags&flags == flags {
			return addr - p.Vaddr + p.Off + m.base, nil
		}
	}
	return 0, fmt.Errorf("address %#x: nothing of the file is there", addr)
}

// usdt attaches a program to the places of a tracepoint.
func (a *Attacher) usdt(p Program, m *image, spots []spot) (*Link, error) {
	tables, err := a.tables()
	if err != nil {
		return nil, err
	}
	ids, err := a.describe(tables, spots)
	if err != nil {
		return nil, err
	}
	if p.Attach.String() != "trace_uprobe_multi" {
		return tables.probeSpots(p, m, spots, ids)
	}
	l, err := linkSpots(p, m, spots, ids)
	if !errors.Is(err, unix.EINVAL) {
		return l, err
	}
	// Kernels before Linux 6.6 load such programs, but do not know the type.
	if l, second := tables.probeSpots(p, m, spots, ids); !errors.Is(second, unix.EINVAL) {
		return l, second
	}
	return nil, err
}

// linkSpots attaches a program by one link. Programs find descriptions by what the link says of places.
func linkSpots(p Program, m *image, spots []spot, ids []uint32) (*Link, error) {
	u := bpf.Uprobes{Attach: uint32(p.Attach), Path: m.path}
	for i, s := range spots {
		u.Offsets = append(u.Offsets, uintptr(s.offset))
		u.RefCtrs = append(u.RefCtrs, uintptr(s.semaphore))
		u.Cookies = append(u.Cookies, uint64(ids[i]))
	}
	l, err := newLink(bpf.CreateUprobesLink(p.FD, u))
	return l, unprobable(err)
}

// probeSpots attaches a program by a link for each place, as before Linux 6.6.
func (t usdtTables) probeSpots(p Program, m *image, spots []spot, ids []uint32) (*Link, error) {
	all := new(Link)
	for i, s := range spots {
		l, err := t.probeSpot(p, m, s, ids[i])
		if err != nil {
			all.Close()
			return nil, fmt.Errorf("at offset %#x: %w", s.offset, err)
		}
		all.parts = append(all.parts, l.parts...)
	}
	return all, nil
}

func (t usdtTables) probeSpot(p Program, m *image, s spot, id uint32) (*Link, error) {
	if s.semaphore != 0 && !uprobes.hasSemaphores() {
		return nil, errors.New("it has a semaphore, for which this kernel does not care: since Linux 4.20")
	}
	if s.semaphore > math.MaxUint32 {
		return nil, fmt.Errorf("semaphore at offset %#x of the file: events have room for 32 bits", s.semaphore)
	}
	if !bpf.HasEventLinks(p.FD) {
		if err := t.putAddr(m, s, id); err != nil {
			return nil, err
		}
	}
	at := bpf.Probe{Name: m.path, Offset: s.offset, RefCtr: uint32(s.semaphore)}
	return uprobe(p.FD, at, false, uint64(id))
}
