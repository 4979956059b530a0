package x86

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/machine"
)

var dialect = []string{"-mi386:x86-64", "-M", "suffix"}

// filler is a nop.
const filler = 0x90

// TestObjdump compares lengths and mnemonics of whatever opcodes there are, with
// the prefixes that the kernel uses.
func TestObjdump(t *testing.T) {
	fixture.Need(t, fixture.Objdump)
	if out := run(t, "", "objdump", "-i"); !strings.Contains(out, "i386") {
		t.Skip("objdump does not know x86")
	}
	const pc = 0xffffffffc0000000
	cases := append(opcodes(), vectors()...)
	used := make([]bool, len(tolerated))
	bad := make(map[string]int)
	for i, want := range objdumpEach(t, cases, pc, filler, dialect...) {
		padded := append(cases[i][:len(cases[i]):len(cases[i])], filler, filler, filler)
		got := readOne(padded, pc+uint64(i)*slot)
		if why := differs(cases[i], got, want, used); why != "" {
			if bad[why]++; bad[why] == 1 {
				t.Errorf("%x: %d bytes, %q; objdump: %d bytes, %q", cases[i], got.Len, got.Text, want.len, want.text)
			}
		}
	}
	asWritten := strings.Contains(run(t, "", "objdump", "--version"), " 2.40")
	for i, u := range used {
		if !u && asWritten { // other releases differ in less, or more
			t.Errorf("nothing needs the tolerance %q", tolerated[i].reason)
		}
	}
	t.Logf("%d cases", len(cases))
}

// opcodes returns all opcodes of all maps but prefixes, with some ModRM: with
// all of its opcode bits where it has these.
func opcodes() (cases [][]byte) {
	for _, prefix := range []string{"", "\x66", "\x48", "\x45", "\xf2", "\xf3", "\x65", "\xf0", "\x3e"} {
		for _, m := range []string{"", "\x0f", "\x0f\x38", "\x0f\x3a"} {
			for op := range 0x100 {
				regs := 1
				if strings.IndexByte(groups[m], byte(op)) >= 0 {
					regs = 8
				}
				if m == "" && (isPrefix(byte(op)) || op == 0x0f) {
					regs = 0
				}
				for reg := range regs {
					cases = append(cases, withOperands(prefix+m+string([]byte{byte(op)}), byte(reg))...)
				}
			}
		}
	}
	return cases
}

// groups are the opcodes, by maps, that the middle bits of ModRM belong to.
var groups = map[string]string{
	"":     "\x80\x81\x82\x83\x8c\x8e\x8f\xc0\xc1\xc6\xc7\xd0\xd1\xd2\xd3\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xf6\xf7\xfe\xff",
	"\x0f": "\x00\x01\x0d\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x20\x22\x71\x72\x73\xae\xb9\xba\xc7\xff",
}

// withOperands returns an opcode with each kind of memory, and with registers.
func withOperands(op string, reg byte) (cases [][]byte) {
	const rest = "\xf8\x01\xa2\xb3\x04\xd5\x66\x77"
	for _, operand := range []string{"\x00", "\x05", "\x44\x24", "\xc1", "\xc8", "\x84\xf5"} {
		c := []byte(op + string([]byte{operand[0] | reg<<3}) + operand[1:] + rest)
		cases = append(cases, c[:min(len(c), maxLen)])
	}
	return cases
}

// vectors returns the opcodes of VEX and EVEX.
func vectors() (cases [][]byte) {
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
					cases = append(cases, c[:min(len(c), maxLen)])
				}
			}
		}
	}
	return cases
}

func isPrefix(c byte) bool { return scan([]byte{c}).len == 1 }

// differs tells what differs, or returns "" if nothing does that is not tolerated.
// It notes which tolerances were used.
func differs(code []byte, got machine.Inst, want spelt, used []bool) string {
	mnemonic, _, _ := strings.Cut(got.Text, "\t")
	want.mnemonic = mnemonicOf(want.text)
	if got.Len == want.len && mnemonic == want.mnemonic {
		return ""
	}
	for i, x := range tolerated {
		if x.ok(code, mnemonic, got.Len, want) {
			used[i] = true
			return ""
		}
	}
	return fmt.Sprint(mnemonic, got.Len == want.len, want.mnemonic)
}

// mnemonicOf returns the mnemonic of a line of objdump, without the prefixes that
// change nothing or are seen from the operands: we do not write these.
func mnemonicOf(text string) string {
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
