// Package s390x reads machine code of z/Architecture, the one with the most significant byte first.
//
// Source of what x/arch does not tell: z/Architecture Principles of Operation,
// SA22-7832, chapter 5 (formats) and appendix B (instructions).
package s390x

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/arch/s390x/s390xasm"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// Arch is z/Architecture.
var Arch = machine.Arch{
	Name:   "s390x",
	Reader: machine.Language{Decode: decode, Build: build, Through: through}.Reader,
}

// length returns the length in bytes of the instruction that begins with first:
// two bits of it tell.
func length(first byte) int { return [...]int{2, 4, 4, 6}[first>>6] }

// word returns the instruction at the start of code as one number, and whether
// code has all of it.
func word(code []byte) (w uint64, ok bool) {
	n := length(code[0])
	if len(code) < n {
		return 0, false
	}
	for _, b := range code[:n] {
		w = w<<8 | uint64(b)
	}
	return w, true
}

func decode(code []byte, pc uint64) machine.Inst {
	w, ok := word(code)
	if !ok {
		return data(code, 1)
	}
	n := length(code[0])
	i, err := s390xasm.Decode(code[:n])
	switch {
	case n == 4 && w>>24 == 0x83:
		return machine.Inst{Len: n, Text: fmt.Sprintf("diag\t%%r%d,%%r%d,%d%s", w>>20&15, w>>16&15, w&0xfff, base(w>>12&15))}
	case err != nil || i.Op == 0:
		return data(code, n)
	}
	return machine.Inst{Len: n, Text: spell(i, w, pc), Ref: branch(w, pc)}
}

// data is n bytes that are no instruction.
func data(code []byte, n int) machine.Inst {
	if n == 1 {
		return machine.Unknown(".byte", code, 1)
	}
	var halves []string
	for at := 0; at < n; at += 2 {
		halves = append(halves, fmt.Sprintf("%#04x", binary.BigEndian.Uint16(code[at:])))
	}
	return machine.Inst{Len: n, Text: machine.Text(".short", ",", halves...)}
}

// spell writes i, whose encoding is w, as objdump does.
func spell(i s390xasm.Inst, w, pc uint64) string {
	name := i.Op.String()
	if m, skip := conditional(name, w); m != "" {
		operands := operandsOf(name, i.Args[skip:], pc)
		if m == "nopr" && operands[0] == "%r0" {
			operands = nil
		}
		return machine.Text(m, ",", operands...)
	}
	mnemonic := s390xasm.HandleExtndMnemonic(&i)
	args := i.Args[:]
	switch {
	case isVector(name):
		args = vectorArgs(name, args)
	case strings.HasPrefix(name, "r") && strings.Contains(name, "sb"):
		return rotate(name, operandsOf(name, args, pc), w)
	case name == "popcnt" && args[2] == s390xasm.Mask(0):
		args = args[:2]
	}
	return machine.Text(mnemonic, ",", operandsOf(name, args, pc)...)
}

var conditions = [...]string{
	"", "o", "h", "nle", "l", "nhe", "lh", "ne", "e", "nlh", "he", "nl", "le", "nh", "no", "",
}

// conditional returns the mnemonic of a branch on a condition, which has the
// condition in itself, and how many arguments that replaces; or else "".
func conditional(name string, w uint64) (mnemonic string, skip int) {
	prefix, suffix, never := "", "", ""
	var mask uint64
	switch name {
	case "bc":
		prefix, never, mask = "b", "nop", w>>20&15
	case "bcr":
		prefix, suffix, never, mask = "b", "r", "nopr", w>>4&15
	case "bic":
		if mask = w >> 36 & 15; mask == 0 {
			return "", 0
		}
		prefix = "bi"
	case "brc":
		prefix, never, mask = "j", "jnop", w>>20&15
	case "brcl":
		prefix, never, mask = "jg", "jgnop", w>>36&15
	default:
		return "", 0
	}
	if mask == 0 {
		return never, 1
	}
	return prefix + conditions[mask] + suffix, 1
}

// isVector reports whether the instruction has an argument for the upper bits
// of the numbers of vector registers, which is not spelt.
func isVector(name string) bool {
	return strings.HasPrefix(name, "v") || name == "wfc" || name == "wfk"
}

func vectorArgs(name string, args []s390xasm.Arg) []s390xasm.Arg {
	n := 0
	for n < len(args) && args[n] != nil {
		n++
	}
	args = args[:max(n-1, 0)]
	switch name {
	case "vl", "vst", "vlm", "vstm": // a hint on alignment, which is told if there is one
		if last := len(args) - 1; args[last] == s390xasm.Mask(0) {
			args = args[:last]
		}
	}
	return args
}

// rotate spells what rotates and then combines selected bits: what it does to
// all others, and whether it only tests, is in one bit of its numbers.
func rotate(name string, operands []string, w uint64) string {
	from, to, by := w>>24&0xff, w>>16&0xff, w>>8&0xff
	switch {
	case strings.HasPrefix(name, "ris") && to&0x80 != 0:
		name, to = name+"z", to&0x7f
	case !strings.HasPrefix(name, "ris") && from&0x80 != 0:
		name, from = name+"t", from&0x7f
	}
	operands = append(operands[:2], fmt.Sprint(from), fmt.Sprint(to))
	if by != 0 {
		operands = append(operands, fmt.Sprint(by))
	}
	return machine.Text(name, ",", operands...)
}
