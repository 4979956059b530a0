package x86

import (
	"bufio"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// A golden is one line of a file below testdata: how LLVM spells an instruction.
type golden struct {
	code []byte
	text string
}

// readGolden reads bytes in hexadecimal, the mnemonic and the operands, if any,
// of each line, and the address at which all of them are, of the line "# pc ADDRESS".
func readGolden(t testing.TB, name string) (pc uint64, lines []golden) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if addr, ok := strings.CutPrefix(s.Text(), "# pc "); ok {
			if pc, err = strconv.ParseUint(addr, 0, 64); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		digits, text, _ := strings.Cut(s.Text(), "\t")
		if digits == "" || digits[0] == '#' {
			continue
		}
		code, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatalf("%s: %q: %v", name, s.Text(), err)
		}
		lines = append(lines, golden{code, text})
	}
	return pc, lines
}

// readOne returns the first instruction of code.
func readOne(code []byte, pc uint64) machine.Inst {
	for _, inst := range Arch.Insts(code, pc) {
		return inst
	}
	return machine.Inst{}
}
