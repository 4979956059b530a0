// Package kallsyms reads the kernel's table of symbols, /proc/kallsyms.
package kallsyms

import (
	"bytes"
	"io"
	"iter"
	"os"
)

// Path is where the kernel shows its symbols.
const Path = "/proc/kallsyms"

// A Symbol is a line of the table.
type Symbol struct {
	Addr   uint64 // 0 for those who may not see addresses (sysctl kernel.kptr_restrict)
	Name   string
	Module string // empty for the kernel itself; "bpf" for compiled programs
}

// A Table is the whole table as it was at one time.
type Table struct{ text []byte }

// usualLen is about the length of the table of a kernel with few modules, in bytes.
const usualLen = 8 << 20

// Read reads the table.
func Read() (Table, error) {
	f, err := os.Open(Path)
	if err != nil {
		return Table{}, err
	}
	defer f.Close()
	return read(f)
}

func read(r io.Reader) (Table, error) {
	b := bytes.NewBuffer(make([]byte, 0, usualLen))
	_, err := b.ReadFrom(r)
	return Table{b.Bytes()}, err
}

// Address returns the address of the first symbol with a name: 0 if there is none, or
// addresses may not be seen.
func (t Table) Address(name string) uint64 {
	for text := t.text; ; {
		i := bytes.Index(text, []byte(" "+name))
		if i < 0 {
			return 0
		}
		line := text[bytes.LastIndexByte(text[:i], '\n')+1:]
		if s, _, ok := next(line); ok && string(s.name) == name {
			return s.addr
		}
		text = text[i+1:]
	}
}

// Find returns the symbols at the given addresses.
//
// The result has no entry for an address without a symbol, and only the first
// symbol of an address with several. It is empty, not nil, where addresses may
// not be seen.
func (t Table) Find(addrs map[uint64]bool) map[uint64]Symbol {
	found := make(map[uint64]Symbol, len(addrs))
	for s := range t.lines() {
		if s.addr == 0 || !addrs[s.addr] {
			continue
		}
		if _, ok := found[s.addr]; !ok {
			found[s.addr] = s.symbol()
		}
	}
	return found
}

// Lookup is [Read] and [Table.Find], but reads no further than it must: the kernel takes
// longer to write the table than it takes to search it.
func Lookup(addrs map[uint64]bool) (map[uint64]Symbol, error) {
	f, err := os.Open(Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return lookup(f, addrs)
}

// pieceLen is how much of the table is read at a time, in bytes. No line is as long.
const pieceLen = 1 << 16

func lookup(r io.Reader, addrs map[uint64]bool) (map[uint64]Symbol, error) {
	found := make(map[uint64]Symbol, len(addrs))
	piece := make([]byte, 0, pieceLen)
	for len(found) < len(addrs) {
		n, err := r.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+n]
		whole := bytes.LastIndexByte(piece, '\n') + 1
		if err != nil || whole == 0 && len(piece) == cap(piece) {
			whole = len(piece)
		}
		for addr, s := range (Table{piece[:whole]}).Find(addrs) {
			if _, ok := found[addr]; !ok {
				found[addr] = s
			}
		}
		piece = append(piece[:0], piece[whole:]...)
		switch {
		case err == io.EOF:
			return found, nil
		case err != nil:
			return nil, err
		}
	}
	return found, nil
}

// A line is a symbol whose names are still part of the table.
type line struct {
	addr         uint64
	name, module []byte
}

func (l line) symbol() Symbol { return Symbol{l.addr, string(l.name), string(l.module)} }

// lines yields the lines of the table. Those that are not understood are left out.
func (t Table) lines() iter.Seq[line] {
	return func(yield func(line) bool) {
		for text := t.text; len(text) > 0; {
			l, n, ok := next(text)
			if ok && !yield(l) {
				return
			}
			text = text[n:]
		}
	}
}

// next reads the line that text starts with, such as
//
//	ffffffffc0123450 t xfs_file_read	[xfs]
//
// n is its length. There are some hundred thousand of them.
func next(text []byte) (l line, n int, ok bool) {
	n = len(text)
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text, n = text[:i], i+1
	}
	i := 0
	for ; i < len(text) && text[i] != ' '; i++ {
		d := digit(text[i])
		if d < 0 || i == 16 {
			return l, n, false
		}
		l.addr = l.addr<<4 | uint64(d)
	}
	if i == 0 || len(text) < i+4 || text[i+2] != ' ' { // a blank, a letter, a blank, a name
		return l, n, false
	}
	l.name = text[i+3:]
	if at := bytes.IndexAny(l.name, "\t "); at >= 0 {
		l.name, l.module = l.name[:at], bytes.Trim(l.name[at:], "\t []")
	}
	return l, n, len(l.name) > 0
}

// digit returns the value of a hexadecimal digit, or -1.
func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
