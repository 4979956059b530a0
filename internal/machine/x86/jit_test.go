package x86

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cilium/ebpf"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/machine"
)

// TestJIT compares all instructions of what the kernel makes of programs with
// those of objdump, and what they refer to.
func TestJIT(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Objdump)
	if runtime.GOARCH != "amd64" {
		t.Skip("the kernel makes code for " + runtime.GOARCH)
	}
	t.Run("every operation", func(t *testing.T) {
		p, err := ebpf.NewProgram(&ebpf.ProgramSpec{Type: ebpf.SocketFilter, Instructions: operations(), License: "GPL"})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if n := compareImage(t, p); n < 3000 {
			t.Errorf("%d instructions, want 3000", n)
		}
	})
	for _, row := range fixture.Progs {
		t.Run(row.Type, func(t *testing.T) {
			p, err := ebpf.NewProgramFromID(ebpf.ProgramID(row.For(t).ID))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			compareImage(t, p)
		})
	}
}

// compareImage returns the number of instructions that it has compared.
func compareImage(t *testing.T, p *ebpf.Program) (n int) {
	t.Helper()
	code, pc := jited(t, p)
	want := objdump(t, code, pc, dialect...)
	used := make([]bool, len(tolerated))
	for off, got := range Arch.Insts(code, pc) {
		n++
		w, ok := want[off]
		if !ok {
			t.Fatalf("%#x: %q; objdump: no instruction begins here", off, got.Text)
		}
		if why := differs(code[off:], got, w, used); why != "" {
			t.Errorf("%#x: %x: %d bytes, %q; objdump: %d bytes, %q", off, code[off:off+got.Len], got.Len, got.Text, w.len, w.text)
		}
		if !strings.Contains(w.text, refText(got.Ref)) {
			t.Errorf("%#x: %q refers to %#x; objdump: %q", off, got.Text, got.Ref.Value, w.text)
		}
		if strings.HasPrefix(got.Text, ".byte") {
			t.Errorf("%#x: %q; objdump: %q", off, got.Text, w.text)
		}
	}
	if n != len(want) {
		t.Errorf("%d instructions, objdump: %d", n, len(want))
	}
	return n
}

// refText returns what objdump writes of the value of a reference.
func refText(r machine.Ref) string {
	switch r.Kind {
	case machine.Jump, machine.Call:
		return fmt.Sprintf(" %#x", r.Value)
	case machine.Const:
		return fmt.Sprintf("$%#x,", r.Value)
	case machine.PerCPU:
		return fmt.Sprintf("%#x", r.Value)
	}
	return ""
}

// jited returns the machine code of a program, and where its first function is.
func jited(t *testing.T, p *ebpf.Program) (code []byte, pc uint64) {
	t.Helper()
	info, err := p.Info()
	if err != nil {
		t.Fatal(err)
	}
	code, ok := info.JitedInsns()
	addrs, ok2 := info.JitedKsymAddrs()
	if !ok || !ok2 || len(code) == 0 || len(addrs) == 0 {
		t.Skip("the kernel does not compile, or does not tell")
	}
	return code, uint64(addrs[0])
}
