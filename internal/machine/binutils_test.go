package machine_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A target is how binutils are asked about an architecture.
type target struct {
	triplet string
	as      []string // options of as
	objdump []string // options of objdump, for ELF files
	binary  []string // options of objdump, for bare code; nil if that has to be assembled
	clang   []string // options of clang, a set for each processor
	unnamed float64  // how many of the instructions in random code may be data to us, in percent
}

var targets = map[string]target{
	"aarch64": {
		triplet: "aarch64-linux-gnu", as: []string{"-march=armv9-a+rng+memtag+lse128"},
		binary: []string{"-m", "aarch64"}, unnamed: 20, // SVE, SME and half precision
		clang: []string{"-march=armv8.2-a", "-march=armv8.7-a", "-march=armv8-a -mbranch-protection=standard"},
	},
	"riscv64": {
		triplet: "riscv64-linux-gnu", unnamed: 1,
		as: []string{"-march=rv64gc_zba_zbb_zbs_zbc_zbkb_zicond_zicbom_zicboz_zicbop_zawrs_zacas_zabha" +
			"_zihintpause_zihintntl_zimop_zcmop_zcb"},
		clang: []string{"-march=rv64gc", "-march=rv64ima", "-march=rv64gc_zba_zbb_zbs_zicond_zacas1p0_zabha1p0 -menable-experimental-extensions"},
	},
	"s390x": {
		triplet: "s390x-linux-gnu", as: []string{"-march=z16"},
		binary: []string{"-m", "s390:64-bit"}, unnamed: 1.5,
		clang: []string{"-march=z10", "-march=z13", "-march=z16"},
	},
	"ppc64le": {
		triplet: "powerpc64le-linux-gnu", as: []string{"-mpower10"}, unnamed: 0.5,
		objdump: []string{"-M", "power10"}, binary: []string{"-m", "powerpc:common64", "-EL", "-M", "power10"},
		clang: []string{"-mcpu=pwr8", "-mcpu=pwr10"},
	},
	"loongarch64": {
		triplet: "loongarch64-linux-gnu", binary: []string{"-m", "Loongarch64"}, unnamed: 2.5,
		clang: []string{"-march=loongarch64", "-march=la664"},
	},
}

// A dumped is an instruction as objdump tells it.
type dumped struct {
	code     []byte // in the order of memory
	mnemonic string
	operands string
}

func (l dumped) String() string {
	return strings.TrimSuffix(fmt.Sprintf("%x\t%s\t%s", l.code, l.mnemonic, l.operands), "\t")
}

// assemble returns the lines of the instructions in source.
func (c target) assemble(t *testing.T, source string) []dumped {
	t.Helper()
	dir := t.TempDir()
	in, object := filepath.Join(dir, "in.s"), filepath.Join(dir, "in.o")
	if err := os.WriteFile(in, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	c.run(t, "as", append(c.as, "-o", object, in)...)
	return c.dump(t, object, c.objdump)
}

// disassemble returns the lines of code.
func (c target) disassemble(t *testing.T, code []byte) []dumped {
	t.Helper()
	if c.binary == nil {
		return c.assemble(t, insns(code))
	}
	file := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	return c.dump(t, file, append([]string{"-D", "-b", "binary"}, c.binary...))
}

// insns is assembler's source for code of RISC-V, where objdump takes from the ELF
// file which extensions there are.
func insns(code []byte) string {
	var b strings.Builder
	for len(code) > 0 {
		if code[0]&3 != 3 || len(code) < 4 {
			fmt.Fprintf(&b, ".insn 2, %#x\n", binary.LittleEndian.Uint16(code))
			code = code[2:]
			continue
		}
		fmt.Fprintf(&b, ".insn 4, %#x\n", binary.LittleEndian.Uint32(code))
		code = code[4:]
	}
	return b.String()
}

// dump returns the lines of what objdump prints.
func (c target) dump(t *testing.T, file string, options []string) []dumped {
	t.Helper()
	var lines []dumped
	for s := range strings.Lines(string(c.run(t, "objdump", append([]string{"-d", "-z", "-w"}, append(options, file)...)...))) {
		if l, ok := parse(strings.TrimRight(s, "\n")); ok {
			lines = append(lines, l)
		}
	}
	return lines
}

func (c target) run(t *testing.T, tool string, args ...string) []byte {
	t.Helper()
	path, ok := fixture.CrossTool(c.triplet + "-" + tool)
	if !ok {
		t.Fatalf("no %s-%s", c.triplet, tool)
	}
	cmd := exec.Command(path, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, stderr.Bytes())
	}
	return out
}

var (
	column  = regexp.MustCompile(`^ *[0-9a-f]+:\t((?:[0-9a-f]{2,8} ?)+) *\t([^\t ]+)[\t ]*(.*)$`)
	symbol  = regexp.MustCompile(`(?:0x)?\b([0-9a-f]+) <[^>]*>`)
	comment = regexp.MustCompile(`[ \t]*(?://|#) .*$`)
	arrow   = regexp.MustCompile(`[ \t]*# (0x[0-9a-f]+)$`)
	last    = regexp.MustCompile(`[^ ,]*$`)
)

// parse returns the instruction in one line of objdump's: addresses are numbers in
// hexadecimal, without the name of a symbol, and there is no comment.
func parse(s string) (dumped, bool) {
	m := column.FindStringSubmatch(s)
	if m == nil {
		return dumped{}, false
	}
	l := dumped{mnemonic: m[2]}
	for word := range strings.FieldsSeq(m[1]) {
		b, _ := hex.DecodeString(word)
		if len(b) > 1 {
			slices.Reverse(b)
		}
		l.code = append(l.code, b...)
	}
	ops := symbol.ReplaceAllString(m[3], "0x$1")
	if to := arrow.FindStringSubmatch(ops); to != nil && strings.HasPrefix(ops, "$") || to != nil && strings.HasPrefix(l.mnemonic, "b") {
		ops = last.ReplaceAllString(comment.ReplaceAllString(ops, ""), to[1])
	}
	l.operands = strings.TrimSpace(comment.ReplaceAllString(ops, ""))
	return l, true
}
