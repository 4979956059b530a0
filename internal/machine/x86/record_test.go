package x86

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var record = flag.Bool("record", false,
	"ask llvm-objdump-19 anew how it spells the bytes in testdata/x86_64.txt; needs as and objcopy, too")

// recordGolden writes what LLVM says behind the bytes of each line of a file.
func recordGolden(t *testing.T, name string) {
	t.Helper()
	pc, lines := readGolden(t, name)
	spelt := askLLVM(t, pc, lines)
	path := filepath.Join("testdata", name)
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for line := range strings.Lines(string(old)) {
		digits, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if digits == "" || digits[0] == '#' {
			b.WriteString(line)
			continue
		}
		fmt.Fprintf(&b, "%s\t%s\n", digits, spelt[0])
		spelt = spelt[1:]
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// llvmLine is a line of llvm-objdump: address, mnemonics, operands, and what it
// adds to these.
var llvmLine = regexp.MustCompile(`(?m)^[0-9a-f]+: +\t(.*?)(?: <[^>]*>)?(?: +# .*)?$`)

// askLLVM returns how LLVM spells each line, every one in a section of its own: so
// all are at the same address.
func askLLVM(t *testing.T, pc uint64, lines []golden) []string {
	t.Helper()
	var source strings.Builder
	for i, l := range lines {
		fmt.Fprintf(&source, ".section .text.%d,\"ax\"\n", i)
		for _, c := range l.code {
			fmt.Fprintf(&source, ".byte %d\n", c)
		}
	}
	object := filepath.Join(t.TempDir(), "x86.o")
	run(t, source.String(), "as", "--64", "-o", object, "-")
	run(t, "", "objcopy", "--change-addresses", fmt.Sprintf("%#x", pc), object)
	out := run(t, "", "llvm-objdump-19", "-d", "-z", "--no-print-imm-hex", "--no-show-raw-insn", object)
	sections := strings.Split(out, "Disassembly of section .text.")[1:]
	if len(sections) != len(lines) {
		t.Fatalf("llvm-objdump: %d sections, want %d", len(sections), len(lines))
	}
	var spelt []string
	for i, s := range sections {
		spelt = append(spelt, joined(llvmLine.FindAllStringSubmatch(s, -1)))
		if strings.Contains(spelt[i], "unknown") {
			spelt[i] = string(data(lines[i].code).Text)
		}
	}
	return spelt
}

// joined returns one instruction as we write it. LLVM has tabulators around
// prefixes, and lock stands on a line of its own.
func joined(found [][]string) string {
	var words []string
	for _, f := range found {
		words = append(words, strings.TrimRight(f[1], "\t "))
	}
	text := strings.Join(words, " ")
	return strings.ReplaceAll(text, "\t\t", " ")
}

// run returns what a program prints. stdin is what it reads.
func run(t testing.TB, stdin, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, stderr.Bytes())
	}
	return string(out)
}
