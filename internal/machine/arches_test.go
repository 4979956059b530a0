package machine_test

import (
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/machine"
	"github.com/gobpftool/gobpftool/internal/machine/arm64"
	"github.com/gobpftool/gobpftool/internal/machine/loong64"
	"github.com/gobpftool/gobpftool/internal/machine/ppc64"
	"github.com/gobpftool/gobpftool/internal/machine/riscv64"
	"github.com/gobpftool/gobpftool/internal/machine/s390x"
)

// arches are those that are compared with what binutils say, by name. That of x86 has
// tests of its own.
var arches = byName(&arm64.Arch, &loong64.Arch, &ppc64.Arch, &riscv64.Arch, &s390x.Arch)

func byName(list ...*machine.Arch) map[string]*machine.Arch {
	m := make(map[string]*machine.Arch)
	for _, a := range list {
		m[a.Name] = a
	}
	return m
}

var recordArches = flag.Bool("record-arches", false,
	"write testdata/ARCH.txt anew, from testdata/ARCH.s by the binutils of testdata/lab/binutils.sh")

// eachTarget runs a test for each architecture of which binutils are asked.
func eachTarget(t *testing.T, test func(*testing.T, *machine.Arch, target)) {
	for _, name := range slices.Sorted(maps.Keys(targets)) {
		t.Run(name, func(t *testing.T) {
			test(t, arches[name], targets[name])
		})
	}
}

// TestArchGoldens reads the code of testdata/ARCH.txt and expects the text there,
// which is objdump's.
func TestArchGoldens(t *testing.T) {
	eachTarget(t, func(t *testing.T, a *machine.Arch, _ target) {
		lines := readDumped(t, a.Name)
		if len(lines) < 150 {
			t.Errorf("there are only %d cases", len(lines))
		}
		at := 0
		for off, inst := range a.Insts(codeOf(lines), 0) {
			want := lines[at]
			at++
			if got := format(want.code, inst.Text); inst.Len != len(want.code) || got != want.String() {
				t.Fatalf("offset %d:\n got %s\nwant %s", off, got, want)
			}
		}
		if at != len(lines) {
			t.Errorf("%d instructions were read of %d", at, len(lines))
		}
	})
}

// TestArchRecordings fails if testdata/ARCH.txt is not what binutils make of
// testdata/ARCH.s.
func TestArchRecordings(t *testing.T) {
	fixture.Need(t, fixture.Binutils)
	eachTarget(t, func(t *testing.T, a *machine.Arch, c target) {
		source, err := os.ReadFile(filepath.Join("testdata", a.Name+".s"))
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, l := range c.assemble(t, string(source)) {
			fmt.Fprintln(&b, l)
		}
		path := filepath.Join("testdata", a.Name+".txt")
		if *recordArches {
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if old, err := os.ReadFile(path); err != nil || string(old) != b.String() {
			t.Errorf("%s is old: run this test with -record-arches (%v)", path, err)
		}
	})
}

// readDumped reads the golden file of an architecture, a line for each instruction of
// one run of code: its bytes in hexadecimal, the mnemonic, the operands.
func readDumped(t testing.TB, name string) (lines []dumped) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	for s := range strings.Lines(string(text)) {
		fields := append(strings.Split(strings.TrimSuffix(s, "\n"), "\t"), "")
		code, err := hex.DecodeString(fields[0])
		if err != nil || len(fields) < 3 {
			t.Fatalf("%s: %q: %v", name, s, err)
		}
		lines = append(lines, dumped{code, fields[1], fields[2]})
	}
	return lines
}

// codeOf returns the bytes of all lines.
func codeOf(lines []dumped) (code []byte) {
	for _, l := range lines {
		code = append(code, l.code...)
	}
	return code
}

// format spells an instruction of ours as a line of a golden file.
func format(code []byte, text string) string { return fmt.Sprintf("%x\t%s", code, text) }
