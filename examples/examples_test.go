// Package examples_test looks whether the files of the examples agree with each other, and
// does what docs/skeletons.md says.
package examples_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/google/go-cmp/cmp"

	commands "github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// names are the examples with skeletons.
var names = []string{"trace_open", "xdp_drop", "tcp_cc"}

// TestSkeletons checks what "go generate" would write, for objects of both byte orders.
func TestSkeletons(t *testing.T) {
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Chdir(name)
			main, err := os.ReadFile("main.go")
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for line := range strings.Lines(string(main)) {
				words, ok := strings.CutPrefix(line, "//go:generate go run ../../cmd/gobpftool ")
				if !ok {
					continue
				}
				n++
				var out bytes.Buffer
				argv := append(append([]string{"gobpftool"}, strings.Fields(words)...), "check")
				if status := commands.Main(context.Background(), argv, commands.Streams{In: strings.NewReader(""), Out: &out, Err: &out}); status != 0 {
					t.Errorf("%s: status %d, see \"make generate\"\n%s", strings.TrimSpace(line), status, &out)
				}
			}
			if n != 2 {
				t.Errorf("%d skeletons, want one for each byte order", n)
			}
		})
	}
}

// TestShort counts the lines that whoever uses a skeleton writes.
func TestShort(t *testing.T) {
	for _, name := range names {
		main, err := os.ReadFile(filepath.Join(name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(main, []byte("\n")); n >= 100 {
			t.Errorf("%s/main.go has %d lines, want less than 100", name, n)
		}
	}
}

// TestObjects compiles the sources and compares with the objects beside them.
func TestObjects(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	const clang = "clang-19" // others find other instructions
	if _, err := exec.LookPath(clang); err != nil {
		t.Skipf("needs the compiler of \"make objects\": %v", err)
	}
	for _, name := range names {
		for _, order := range []string{"bpfel", "bpfeb"} {
			source, object := filepath.Join(name, name+".bpf.c"), filepath.Join(name, name+"."+order+".o")
			fresh := filepath.Join(t.TempDir(), "fresh.o")
			c := exec.Command(clang, "-g", "-O2", "-target", order, "-I/usr/include/x86_64-linux-gnu", "-I/usr/include/aarch64-linux-gnu", "-c", source, "-o", fresh)
			if text, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if diff := cmp.Diff(content(t, fresh), content(t, object)); diff != "" {
				t.Errorf("%s is not what its source gives (-source +object), see \"make objects\":\n%s", object, diff)
			}
		}
	}
}

// content returns what must be in an object: instructions, maps and variables by name.
func content(t *testing.T, path string) map[string]string {
	t.Helper()
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for name, p := range spec.Programs {
		for _, ins := range p.Instructions {
			all["program "+name] += fmt.Sprintln(ins.OpCode, ins.Dst, ins.Src, ins.Offset)
		}
	}
	for name, m := range spec.Maps {
		all["map "+name] = fmt.Sprint(m.Type, m.KeySize, m.ValueSize, m.MaxEntries)
	}
	for name, v := range spec.Variables {
		all["variable "+name] = fmt.Sprint(v.SectionName, v.Offset, v.Value)
	}
	return all
}
