// Package kallsyms reads the kernel's table of symbols, /proc/kallsyms.
package kallsyms

import (
	"bytes"
	"io"
	"iter"
	"os"
	"slices"
)

// Path is where the kernel shows its symbols.
const Path = "/proc/kallsyms"

// A Symbol is a line of the table.
type Symbol struct {
	Addr   uint64 // 0 for those who may not see addresses (sysctl kernel.kptr_restrict)
	Name   string
	Module string // empty for the kernel itself; "bpf" for compiled programs
}

// Lookup finds the symbols at the given addresses.
//
// The result has no entry for an address without a symbol, and only the first
// symbol of an address with several. It is empty, not nil, where addresses may
// not be seen.
//
// It reads no further than it must: the kernel takes longer to write the table than
// it takes to search it.
func Lookup(addrs map[uint64]bool) (map[uint64]Symbol, error) {
	f, err := os.Open(Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return lookup(f, nil, addrs)
}

// LookupFrom finds the symbol called base, and as [Lookup] those at the addresses that
// addrs then tells. The address of base is 0 if there is none, or addresses may not be
// seen.
func LookupFrom(base string, addrs func(base uint64) map[uint64]bool) (uint64, map[uint64]Symbol, error) {
	f, err := os.Open(Path)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	return lookupFrom(f, base, addrs)
}

func lookupFrom(r io.Reader, base string, addrs func(base uint64) map[uint64]bool) (uint64, map[uint64]Symbol, error) {
	var read []byte // what is wanted may stand before base
	for more := true; more; {
		from := bytes.LastIndexByte(read, '\n') + 1
		var err error
		if read, err = readPiece(r, read); err != nil && err != io.EOF {
			return 0, nil, err
		}
		more = err == nil
		addr := address(whole(read[from:], !more), base)
		if addr == 0 {
			continue
		}
		found, err := lookup(r, read, addrs(addr))
		return addr, found, err
	}
	return 0, map[uint64]Symbol{}, nil
}

// pieceLen is how much of the table is read at a time, in bytes. No line is as long.
const pieceLen = 1 << 16

// readPiece reads more of the table behind what was read.
func readPiece(r io.Reader, b []byte) ([]byte, error) {
	b = slices.Grow(b, pieceLen)
	n, err := r.Read(b[len(b):][:pieceLen])
	return b[:len(b)+n], err
}

// whole returns the whole lines in b; at the end of the table, the last one is whole.
func whole(b []byte, end bool) []byte {
	if end || len(b) >= pieceLen && bytes.IndexByte(b, '\n') < 0 {
		return b
	}
	return b[:bytes.LastIndexByte(b, '\n')+1]
}

// address returns the address of the first symbol with a name, or 0.
func address(text []byte, name string) uint64 {
	for {
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

// lookup looks for symbols in what was read already, and in what r still has.
func lookup(r io.Reader, read []byte, addrs map[uint64]bool) (map[uint64]Symbol, error) {
	found := make(map[uint64]Symbol, len(addrs))
	for end := false; ; {
		lines := whole(read, end)
		find(lines, addrs, found)
		if end || len(found) == len(addrs) {
			return found, nil
		}
		read = append(read[:0], read[len(lines):]...)
		var err error
		if read, err = readPiece(r, read); err != nil && err != io.EOF {
			return nil, err
		}
		end = err == io.EOF
	}
}

// find adds to found the symbols at addresses.
func find(text []byte, addrs map[uint64]bool, found map[uint64]Symbol) {
	for s := range lines(text) {
		if s.addr == 0 || !addrs[s.addr] {
			continue
		}
		if _, ok := found[s.addr]; !ok {
			found[s.addr] = s.symbol()
		}
	}
}

// A line is a symbol whose names are still part of the table.
type line struct {
	addr         uint64
	name, module []byte
}

func (l line) symbol() Symbol { return Symbol{l.addr, string(l.name), string(l.module)} }

// lines yields the lines of the table. Those that are not understood are left out.
func lines(text []byte) iter.Seq[line] {
	return func(yield func(line) bool) {
		for len(text) > 0 {
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
