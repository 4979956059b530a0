package load

import (
	"fmt"
	"os"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
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
	m.start, err = l.arenaStart(uint64(len(m.Data)), size)
	if err != nil {
		return err
	}
	memory.Write(m.start, m.Data)
	return nil
}

// arenaStart returns where the variables of an arena of size bytes are, which take n bytes: in its
// last pages, as the first ones are what NULL plus something points to; on kernels that do not let
// instructions name places so far behind, at its start.
func (l *loader) arenaStart(n, size uint64) (uint64, error) {
	page := uint64(os.Getpagesize())
	n = (n + page - 1) / page * page
	switch {
	case n > size:
		return 0, fmt.Errorf("variables of %d bytes, but it has %d", n, size)
	case n == 0 || !l.takesFarOffsets():
		return 0, nil
	}
	return size - n, nil
}

// takesFarOffsets reports whether instructions may name any place of a map: since Linux 7.0 there
// is no limit but the map's end. It tries to load a program that names one beyond.
func (l *loader) takesFarOffsets() bool {
	const far = 1 << 30
	fd, err := bpf.CreateMap(bpf.MapSpec{Type: array, KeySize: 4, ValueSize: 1, MaxEntries: 1, Token: l.token})
	if err != nil {
		return false
	}
	defer fd.Close()
	code := make([]byte, 3*bytecode.Size)
	code[0], code[16] = wideCode, exitCode
	insn(code).wide(bytecode.LoadValue, uint32(fd), far)
	log := make([]byte, 1<<12)
	prog, _, err := bpf.LoadProg(&bpf.ProgSpec{Type: tracepointType, Insns: code, License: "GPL", Token: l.token, LogLevel: 1}, log)
	if err == nil { // which cannot be
		prog.Close()
		return false
	}
	said := cString(log)
	return said != "" && !strings.Contains(said, "direct value offset")
}

const tracepointType = 5 // BPF_PROG_TYPE_TRACEPOINT
