package mapcmd

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/holders"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Page is what "map dump" shows of a page of an arena.
type Page struct {
	Number  int    // counted from 0
	Address uint64 // in processes and programs
	Data    []byte
}

// AppendJSON implements [render.Appender].
func (p *Page) AppendJSON(b []byte) []byte {
	b = fmt.Appendf(b, `{"page":%d,"address":%d,"value":`, p.Number, p.Address)
	return append(render.AppendHexList(b, p.Data), '}')
}

// Plain implements [render.Fact].
func (p *Page) Plain(w *bufio.Writer) {
	fmt.Fprintf(w, "page: %d  address: %#x\nvalue:\n", p.Number, p.Address)
	w.Write(append(render.AppendHex(w.AvailableBuffer(), p.Data), '\n'))
}

// pages yields the pages of an arena that a process which holds the map, and has it
// mapped, has looked at: the first such process that may be looked into. What only
// programs use is not among them.
//
// The tool does not map the arena itself, since to look at a page would be to use
// it, and the first to map an arena decides on its address.
func (t *table) pages(yield func(*Page, error) bool) {
	for _, p := range holders.Find(bpf.Map)[t.Info.ID] {
		m, ok := t.mapping(p.PID)
		if !ok {
			continue
		}
		m.walk(yield)
		return
	}
	yield(nil, fmt.Errorf("dump failed: no process that holds the arena has it mapped, can be told to have no other, and may be looked into"))
}

// A mapping is where a process has an arena.
type mapping struct {
	pid   int
	start uint64 // address
	pages int
}

// mapping returns where a process has the arena, if that can be told from other
// arenas that it has.
func (t *table) mapping(pid int) (m mapping, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return m, false
	}
	m = mapping{pid: pid, pages: int(t.Info.MaxEntries)}
	found := 0
	for line := range bytes.Lines(text) {
		start, end, ok := mapLine(line)
		if !ok || end-start != uint64(m.pages)*uint64(os.Getpagesize()) {
			continue
		}
		if t.Info.Extra == 0 || start == t.Info.Extra {
			m.start = start
			found++
		}
	}
	return m, found == 1
}

// mapLine reads a line about a mapping of a BPF map. See proc_pid_maps(5).
func mapLine(line []byte) (start, end uint64, ok bool) {
	fields := bytes.Fields(line)
	if len(fields) != 6 || string(fields[5]) != "anon_inode:bpf-map" {
		return 0, 0, false
	}
	from, to, _ := bytes.Cut(fields[0], []byte("-"))
	start, err1 := strconv.ParseUint(string(from), 16, 64)
	end, err2 := strconv.ParseUint(string(to), 16, 64)
	return start, end, err1 == nil && err2 == nil && start < end
}

// isPresent are the bits of an entry of pagemap that tell that there is a page, in
// memory or swapped out. See proc_pid_pagemap(5).
const isPresent = 3 << 62

// walk yields the pages that there are.
func (m mapping) walk(yield func(*Page, error) bool) {
	size := os.Getpagesize()
	pagemap, err := os.Open(fmt.Sprintf("/proc/%d/pagemap", m.pid))
	if err != nil {
		yield(nil, fmt.Errorf("dump failed: %w", err))
		return
	}
	defer pagemap.Close()
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", m.pid))
	if err != nil {
		yield(nil, fmt.Errorf("dump failed: %w", err))
		return
	}
	defer memory.Close()
	present := bufio.NewReader(io.NewSectionReader(pagemap, int64(m.start)/int64(size)*8, int64(m.pages)*8))
	p := &Page{Data: make([]byte, size)}
	var entry [8]byte
	for p.Number = 0; p.Number < m.pages; p.Number++ {
		if _, err := io.ReadFull(present, entry[:]); err != nil {
			return // the process has ended
		}
		if binary.NativeEndian.Uint64(entry[:])&isPresent == 0 {
			continue
		}
		p.Address = m.start + uint64(p.Number*size)
		if _, err := memory.ReadAt(p.Data, int64(p.Address)); err != nil {
			continue // it is gone meanwhile
		}
		if !yield(p, nil) {
			return
		}
	}
}
