package x86

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A spelt is an instruction as objdump reads it.
type spelt struct {
	len      int
	mnemonic string // with the prefixes that we write, too
	text     string
}

// slot is how far apart the cases are that objdump gets; between them is filler,
// so that whatever it reads of one, the next is where it begins.
const slot = 32

// objdumpEach returns how objdump reads the first instruction of each case. The
// case i is at pc + i*slot.
func objdumpEach(t testing.TB, cases [][]byte, pc uint64, filler byte, args ...string) []spelt {
	t.Helper()
	var image bytes.Buffer
	for _, c := range cases {
		image.Write(c)
		image.Write(bytes.Repeat([]byte{filler}, slot-len(c)))
	}
	all := objdump(t, image.Bytes(), pc, args...)
	firsts := make([]spelt, len(cases))
	for i := range cases {
		firsts[i] = all[i*slot]
	}
	return firsts
}

// objdump returns the instructions that objdump reads, by their offsets.
func objdump(t testing.TB, code []byte, pc uint64, args ...string) map[int]spelt {
	t.Helper()
	file := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-D", "-b", "binary", "-z", "-w", "--no-show-raw-insn",
		fmt.Sprintf("--adjust-vma=%#x", pc)}, args...)
	out := run(t, "", "objdump", append(args, file)...)
	insts := make(map[int]spelt)
	last := -1
	for line := range strings.Lines(out) {
		digits, text, ok := strings.Cut(line, ":\t")
		addr, err := strconv.ParseUint(strings.TrimSpace(digits), 16, 64)
		if !ok || err != nil {
			continue
		}
		off := int(addr - pc)
		if prev, ok := insts[last]; ok {
			prev.len = off - last
			insts[last] = prev
		}
		last = off
		insts[off] = spelt{len: len(code) - off, text: strings.TrimSpace(text)}
	}
	return insts
}
