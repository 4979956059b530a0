package load

import (
	"fmt"
	"os"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// fillArena maps an arena into the memory of this process, without which no program can use it,
// and gives it its variables. They stand at its end, so that programs may have its start.
func (l *loader) fillArena(m *Map) error {
	size := uint64(m.Def.MaxEntries) * uint64(os.Getpagesize())
	memory, err := bpf.MapArena(m.FD, m.Def.Extra, size)
	if err != nil {
		return fmt.Errorf("its memory: %w", err)
	}
	m.memory = memory
	if n := uint64(len(m.Data)); n > size {
		return fmt.Errorf("variables of %d bytes, but it has %d", n, size)
	}
	if len(m.Data) > 0 {
		memory.Write(arenaOffset(m), m.Data)
	}
	return nil
}

// arenaOffset returns where an arena has its variables.
//
// Source: the addresses in programs that the reference loads.
func arenaOffset(m *Map) uint64 {
	page := uint64(os.Getpagesize())
	pages := (uint64(len(m.Data)) + page - 1) / page
	return uint64(m.Def.MaxEntries)*page - pages*page
}
