package x86

import (
	"strings"
	"testing"
)

func FuzzInsts(f *testing.F) {
	_, lines := readGolden(f, "x86_64.txt")
	var all []byte
	for _, l := range lines {
		f.Add(l.code, uint64(0xffffffffc0025e00))
		all = append(all, l.code...)
	}
	f.Add(all, uint64(0))
	f.Fuzz(func(t *testing.T, code []byte, pc uint64) {
		end := 0
		for off, inst := range Arch.Insts(code, pc) {
			if off != end || inst.Len < 1 || inst.Len > maxLen {
				t.Fatalf("%x: %d bytes at %d, want it at %d", code, inst.Len, off, end)
			}
			end += inst.Len
			if inst.Operation() == "" || strings.Count(inst.Text, "\t") > 1 || strings.Contains(inst.Text, "\n") {
				t.Fatalf("%x: %q", code[off:end], inst.Text)
			}
		}
		if end != len(code) {
			t.Fatalf("%x: %d bytes, want %d", code, end, len(code))
		}
	})
}

// BenchmarkInsts reads 300 KB, so that it compares to "objdump -D" of a file as large.
func BenchmarkInsts(b *testing.B) {
	_, lines := readGolden(b, "x86_64.txt")
	var code []byte
	for len(code) < 300_000 {
		for _, l := range lines {
			code = append(code, l.code...)
		}
	}
	b.SetBytes(int64(len(code)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range Arch.Insts(code, 0xffffffffc0025e00) {
			n++
		}
		if n < len(code)/maxLen {
			b.Fatal(n, "instructions")
		}
	}
}
