package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// content is what must be in the object: instructions and maps by name.
func content(t *testing.T, object []byte) map[string]any {
	t.Helper()
	spec, err := ebpf.LoadCollectionSpecFromReader(bytes.NewReader(object))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]any)
	for name, p := range spec.Programs {
		var ops []asm.OpCode
		for _, ins := range p.Instructions {
			ops = append(ops, ins.OpCode)
		}
		all["program "+name] = ops
	}
	for name, m := range spec.Maps {
		all["map "+name] = []uint32{uint32(m.Type), m.KeySize, m.ValueSize, m.MaxEntries}
	}
	return all
}

// TestObject compiles the source and compares with the object beside it.
func TestObject(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	clang, _ := fixture.Compiler()
	for target, object := range map[string][]byte{"bpfel": littleEndian, "bpfeb": bigEndian} {
		out := filepath.Join(t.TempDir(), "demo.o")
		c := exec.Command(clang, "-g", "-O2", "-target", target, "-I/usr/include/x86_64-linux-gnu", "-I/usr/include/aarch64-linux-gnu",
			"-c", "object/demo.bpf.c", "-o", out)
		if text, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		fresh, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(content(t, fresh), content(t, object)); diff != "" {
			t.Errorf("%s is not what its source gives (-source +object), see \"make objects\":\n%s", target, diff)
		}
	}
}

// TestRecorded shows what those see who may not load programs.
func TestRecorded(t *testing.T) {
	t.Chdir("../..")
	if status := showRecorded(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// TestDemo loads the object and shows it.
func TestDemo(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	objects, err := load()
	if err != nil {
		t.Fatal(err)
	}
	defer objects.Close()
	if status := show(objects); status != 0 {
		t.Errorf("status %d", status)
	}
}
