package machine

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

var x86Objdump = []string{"-mi386:x86-64", "-M", "suffix"}

// x86Filler is a nop.
const x86Filler = 0x90

// TestX86Objdump compares lengths and mnemonics of whatever opcodes there are, with
// the prefixes that the kernel uses.
func TestX86Objdump(t *testing.T) {
	fixture.Need(t, fixture.Objdump)
	if out := run(t, "", "objdump", "-i"); !strings.Contains(out, "i386") {
		t.Skip("objdump does not know x86")
	}
	const pc = 0xffffffffc0000000
	cases := append(x86Opcodes(), x86Vectors()...)
	used := make([]bool, len(x86Tolerated))
	bad := make(map[string]int)
	for i, want := range objdumpEach(t, cases, pc, x86Filler, x86Objdump...) {
		padded := append(cases[i][:len(cases[i]):len(cases[i])], x86Filler, x86Filler, x86Filler)
		got := readOne(&x86, padded, pc+uint64(i)*slot)
		if why := x86Differs(cases[i], got, want, used); why != "" {
			if bad[why]++; bad[why] == 1 {
				t.Errorf("%x: %d bytes, %q; objdump: %d bytes, %q", cases[i], got.Len, got.Text, want.len, want.text)
			}
		}
	}
	asWritten := strings.Contains(run(t, "", "objdump", "--version"), " 2.40")
	for i, u := range used {
		if !u && asWritten { // other releases differ in less, or more
			t.Errorf("nothing needs the tolerance %q", x86Tolerated[i].reason)
		}
	}
	t.Logf("%d cases", len(cases))
}

// x86Opcodes returns all opcodes of all maps but prefixes, with some ModRM: with
// all of its opcode bits where it has these.
func x86Opcodes() (cases [][]byte) {
	for _, prefix := range []string{"", "\x66", "\x48", "\x45", "\xf2", "\xf3", "\x65", "\xf0", "\x3e"} {
		for _, m := range []string{"", "\x0f", "\x0f\x38", "\x0f\x3a"} {
			for op := range 0x100 {
				regs := 1
				if strings.IndexByte(x86Groups[m], byte(op)) >= 0 {
					regs = 8
				}
				if m == "" && (isX86Prefix(byte(op)) || op == 0x0f) {
					regs = 0
				}
				for reg := range regs {
					cases = append(cases, x86Operands(prefix+m+string([]byte{byte(op)}), byte(reg))...)
				}
			}
		}
	}
	return cases
}

// x86Groups are the opcodes, by maps, that the middle bits of ModRM belong to.
var x86Groups = map[string]string{
	"":     "\x80\x81\x82\x83\x8c\x8e\x8f\xc0\xc1\xc6\xc7\xd0\xd1\xd2\xd3\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xf6\xf7\xfe\xff",
	"\x0f": "\x00\x01\x0d\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20\x22\x71\x72\x73\xae\xb9\xba\xc7\xff",
}

// x86Operands returns an opcode with each kind of memory, and with registers.
func x86Operands(op string, reg byte) (cases [][]byte) {
	const rest = "\xf8\x01\xa2\xb3\x04\xd5\x66\x77"
	for _, operand := range []string{"\x00", "\x05", "\x44\x24", "\xc1", "\xc8", "\x84\xf5"} {
		c := []byte(op + string([]byte{operand[0] | reg<<3}) + operand[1:] + rest)
		cases = append(cases, c[:min(len(c), x86Max)])
	}
	return cases
}

// x86Vectors returns the opcodes of VEX and EVEX.
func x86Vectors() (cases [][]byte) {
	for pp := range byte(4) {
		prefixes := []string{string([]byte{0xc5, 0xf8 | pp}), string([]byte{0xc5, 0xfc | pp})}
		for m := byte(1); m <= 3; m++ {
			for _, w := range []byte{0, 0x80} {
				prefixes = append(prefixes, string([]byte{0xc4, 0xe0 | m, 0x48 | w | pp}),
					string([]byte{0xc4, 0x40 | m, 0x6c | w | pp}), string([]byte{0x62, 0xf0 | m, 0x4c | w | pp, 0x48}))
			}
		}
		for _, prefix := range prefixes {
			for op := range 0x100 {
				for _, operand := range []string{"\x05", "\x4c\x24", "\xc1", "\xf0"} {
					c := []byte(fmt.Sprint(prefix, string([]byte{byte(op)}), operand, "\x11\x02\x33\x44\x55\x66\x77\x08"))
					cases = append(cases, c[:min(len(c), x86Max)])
				}
			}
		}
	}
	return cases
}

func isX86Prefix(c byte) bool { return scanX86([]byte{c}).len == 1 }

// x86Differs tells what differs, or returns "" if nothing does that is not tolerated.
// It notes which tolerances were used.
func x86Differs(code []byte, got Inst, want spelt, used []bool) string {
	mnemonic, _, _ := strings.Cut(got.Text, "\t")
	want.mnemonic = x86Mnemonic(want.text)
	if got.Len == want.len && mnemonic == want.mnemonic {
		return ""
	}
	for i, x := range x86Tolerated {
		if x.ok(code, mnemonic, got.Len, want) {
			used[i] = true
			return ""
		}
	}
	return fmt.Sprint(mnemonic, got.Len == want.len, want.mnemonic)
}

// x86Mnemonic returns the mnemonic of a line of objdump, without the prefixes that
// change nothing or are seen from the operands: we do not write these.
func x86Mnemonic(text string) string {
	var words []string
	for _, w := range strings.Fields(text) {
		w, _, _ = strings.Cut(w, ",p") // a hint which way a branch goes
		w = strings.TrimSuffix(w, ".s")
		switch w {
		case "data16", "addr32", "cs", "ds", "es", "fs", "gs", "ss":
			continue
		case "lock", "rep", "repz", "repnz", "bnd", "notrack", "xacquire", "xrelease":
			words = append(words, strings.NewReplacer("repnz", "repne", "repz", "rep").Replace(w))
			continue
		}
		if strings.HasPrefix(w, "rex") {
			continue
		}
		return strings.Join(append(words, w), " ")
	}
	return strings.Join(words, " ")
}
