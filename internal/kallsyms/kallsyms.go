// Package kallsyms reads the kernel's table of symbols, /proc/kallsyms.
package kallsyms

import (
	"bufio"
	"bytes"
	"io"
	"iter"
	"os"
	"strconv"
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
func Lookup(addrs map[uint64]bool) (map[uint64]Symbol, error) {
	f, err := os.Open(Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return lookup(f, addrs)
}

func lookup(r io.Reader, addrs map[uint64]bool) (map[uint64]Symbol, error) {
	found := make(map[uint64]Symbol, len(addrs))
	for s, err := range read(r) {
		if err != nil {
			return nil, err
		}
		if s.Addr == 0 || !addrs[s.Addr] {
			continue
		}
		if _, ok := found[s.Addr]; !ok {
			found[s.Addr] = s
		}
	}
	return found, nil
}

// read yields the symbols of r in the order of the table. Lines that are not
// understood are left out.
func read(r io.Reader) iter.Seq2[Symbol, error] {
	return func(yield func(Symbol, error) bool) {
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			if s, ok := parse(lines.Bytes()); ok && !yield(s, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Symbol{}, err)
		}
	}
}

// parse reads a line such as
//
//	ffffffffc0123450 t xfs_file_read	[xfs]
func parse(line []byte) (Symbol, bool) {
	fields := bytes.Fields(line)
	if len(fields) < 3 {
		return Symbol{}, false
	}
	addr, err := strconv.ParseUint(string(fields[0]), 16, 64)
	if err != nil {
		return Symbol{}, false
	}
	s := Symbol{Addr: addr, Name: string(fields[2])}
	if len(fields) > 3 {
		s.Module = string(bytes.Trim(fields[3], "[]"))
	}
	return s, true
}
