package load

import (
	"encoding/binary"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A tableKey is what is unique about a table of instructions in a program: where the function that
// jumps by it starts, and the table.
type tableKey struct {
	start int
	first *int
}

// jumpTable returns the map of a table of instructions, which is made if it is not there.
//
// Source: struct bpf_insn_array_value of include/uapi/linux/bpf.h, since Linux 6.19.
func (l *loader) jumpTable(f elfobj.Placed, table []int) (bpf.FD, error) {
	key := tableKey{f.Start, &table[0]}
	if fd, ok := l.tables[key]; ok {
		return fd, nil
	}
	const valueSize = 16
	fd, err := bpf.CreateMap(bpf.MapSpec{
		Type: insnArray, KeySize: 4, ValueSize: valueSize, MaxEntries: uint32(len(table)), Name: ".jumptables", Token: l.token,
	})
	if err != nil {
		return 0, err
	}
	l.tables[key] = fd
	for i, target := range table {
		value := make([]byte, valueSize)
		binary.NativeEndian.PutUint32(value, uint32(f.Start+target))
		if err := bpf.Update(fd, native32(uint32(i)), value, bpf.Any); err != nil {
			return 0, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return fd, bpf.Freeze(fd)
}

// closeTables lets go of the tables of one program: others have their own.
func (l *loader) closeTables() {
	for _, fd := range l.tables {
		fd.Close()
	}
	clear(l.tables)
}
