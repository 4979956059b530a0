package load

import (
	"fmt"
	"os"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// fillArena maps an arena into the memory of this process, without which no program can use it,
// and gives it its variables, which it has at its start.
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
	memory.Write(0, m.Data)
	return nil
}
