package machine

import (
	"encoding/hex"
	"testing"
)

// oursX86 are the lines of the golden file that we want to differ.
var oursX86 = map[string]string{
	// LLVM does not show that the processor does not check the target.
	"3effe0": "notrack jmpq\t*%rax",
	"3effd2": "notrack callq\t*%rdx",
	"3effe6": "notrack jmpq\t*%rsi",
}

func TestX86Golden(t *testing.T) {
	if *recordX86 {
		recordGolden(t, "x86_64.txt")
	}
	pc, lines := readGolden(t, "x86_64.txt")
	if len(lines) < 400 {
		t.Errorf("%d cases, want 400", len(lines))
	}
	for _, l := range lines {
		want := l.text
		if ours, ok := oursX86[hex.EncodeToString(l.code)]; ok {
			want = ours
		}
		inst := readOne(&x86, l.code, pc)
		if inst.Text != want || inst.Len != len(l.code) {
			t.Errorf("%x: %d bytes, %q, want %q", l.code, inst.Len, inst.Text, want)
		}
	}
}
