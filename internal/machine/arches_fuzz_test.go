package machine_test

import (
	"slices"
	"strings"
	"testing"
)

// fuzzArches are the architectures that FuzzArchInsts reads code of.
var fuzzArches = []string{"aarch64", "loongarch64", "ppc64le", "riscv64", "s390x"}

// FuzzArchInsts expects that all bytes belong to an instruction that has a text.
func FuzzArchInsts(f *testing.F) {
	for i, name := range fuzzArches {
		for chunk := range slices.Chunk(codeOf(readDumped(f, name)), 64) {
			f.Add(uint8(i), chunk)
		}
		f.Add(uint8(i), []byte{0xff})
	}
	f.Fuzz(func(t *testing.T, arch uint8, code []byte) {
		a := arches[fuzzArches[int(arch)%len(fuzzArches)]]
		end := 0
		for off, inst := range a.Insts(code, refsAt) {
			if off != end || inst.Len < 1 {
				t.Fatalf("%s: %x: at %d of %d bytes: %+v", a.Name, code, off, end, inst)
			}
			end = off + inst.Len
			if inst.Text == "" || strings.Count(inst.Text, "\t") > 1 || strings.ContainsAny(inst.Text, "\n?") ||
				strings.HasSuffix(inst.Text, "\t") {
				t.Fatalf("%s: %x: text %q", a.Name, code[off:end], inst.Text)
			}
		}
		if end != len(code) {
			t.Fatalf("%s: %x: %d bytes were read", a.Name, code, end)
		}
	})
}

// BenchmarkArchInsts reads the golden code of each architecture.
func BenchmarkArchInsts(b *testing.B) {
	for _, name := range fuzzArches {
		lines := readDumped(b, name)
		code := codeOf(lines)
		a := arches[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for range a.Insts(code, 0) {
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(lines)), "ns/inst")
		})
	}
}
