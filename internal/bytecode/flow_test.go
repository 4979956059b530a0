package bytecode

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// Instructions of which the programs below are made.
var (
	move = Insn{Code: 0xb7}
	exit = Insn{Code: codeExit}
	gone = Insn{Code: codeJumpRegister}
	high = Insn{}
	wide = Insn{Code: 0x18}
)

func branch(off int16) Insn  { return Insn{Code: 0x15, Off: off} }
func narrow(off int16) Insn  { return Insn{Code: 0x16, Off: off} } // of the class JMP32
func jump(off int16) Insn    { return Insn{Code: codeJump, Off: off} }
func far(imm int32) Insn     { return Insn{Code: codeJumpLong, Imm: imm} }
func perhaps(off int16) Insn { return Insn{Code: codeMayGoto, Off: off} }
func call(off int16) Insn    { return Insn{Code: 0x85, Src: CallFunc, Off: off} }
func helper(imm int32) Insn  { return Insn{Code: 0x85, Imm: imm} }

// callee is that of programs that are loaded.
func callee(list []Insn) func(int) (int, bool) {
	return func(at int) (int, bool) {
		in := list[at]
		return at + 1 + int(in.Off), in.IsCall() && in.Src == CallFunc
	}
}

// spelled has a line for each function, with its blocks: where they start, how they end,
// and which blocks follow.
func spelled(functions []Function) string {
	var b strings.Builder
	for _, f := range functions {
		fmt.Fprintf(&b, "%d: %d-%d", f.Number, f.Start, f.End)
		for _, k := range f.Blocks {
			how := [...]string{Falls: "falls", Jumps: "jumps", Branches: "branches", Exits: "exits", Gone: "gone"}[k.Ends]
			fmt.Fprintf(&b, ", %d-%d %s", k.Start, k.End, how)
			if k.Next >= 0 {
				fmt.Fprintf(&b, " next %d", k.Next)
			}
			if k.Jump >= 0 {
				fmt.Fprintf(&b, " to %d", k.Jump)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestFlow(t *testing.T) {
	tests := []struct {
		name    string
		insns   []Insn
		entries []int
		want    string
	}{
		{"nothing", nil, nil, ""},
		{"one block", []Insn{move, exit}, nil, "0: 0-2, 0-2 exits"},
		{"a branch", []Insn{branch(1), move, exit}, nil, "0: 0-3, 0-1 branches next 1 to 2, 1-2 falls next 2, 2-3 exits"},
		{"a branch on half a register", []Insn{narrow(1), move, exit}, nil, "0: 0-3, 0-1 branches next 1 to 2, 1-2 falls next 2, 2-3 exits"},
		{"a branch that may be taken", []Insn{perhaps(1), move, exit}, nil, "0: 0-3, 0-1 branches next 1 to 2, 1-2 falls next 2, 2-3 exits"},
		{"a branch to what follows", []Insn{branch(0), exit}, nil, "0: 0-2, 0-1 branches next 1 to 1, 1-2 exits"},
		{"a jump", []Insn{jump(1), exit, move, exit}, nil, "0: 0-4, 0-1 jumps to 2, 1-2 exits, 2-4 exits"},
		{"a long jump", []Insn{far(1), exit, move, exit}, nil, "0: 0-4, 0-1 jumps to 2, 1-2 exits, 2-4 exits"},
		{"a loop", []Insn{move, branch(-2), exit}, nil, "0: 0-3, 0-2 branches next 1 to 0, 2-3 exits"},
		{"a jump to itself", []Insn{jump(-1)}, nil, "0: 0-1, 0-1 jumps to 0"},
		{"helpers do not end blocks", []Insn{helper(1), exit}, nil, "0: 0-2, 0-2 exits"},
		{"wide loads", []Insn{wide, high, branch(2), wide, high, exit}, nil, "0: 0-6, 0-3 branches next 1 to 2, 3-5 falls next 2, 5-6 exits"},
		{"a jump into a wide load", []Insn{branch(1), wide, high, exit}, nil, "0: 0-4, 0-1 branches next 1, 1-4 exits"},
		{"half a wide load", []Insn{move, wide}, nil, "0: 0-2, 0-2 falls"},
		{"a jump to where a register says", []Insn{gone, exit, exit}, nil, "0: 0-3, 0-1 gone, 1-2 exits, 2-3 exits"},
		{"out of the program", []Insn{branch(9), jump(-9), exit}, nil, "0: 0-3, 0-1 branches next 1, 1-2 jumps, 2-3 exits"},
		{"into another function", []Insn{call(2), branch(1), exit, exit}, nil, "0: 0-3, 0-2 branches next 1, 2-3 exits\n1: 3-4, 3-4 exits"},
		{"functions in the order of calls", []Insn{call(2), call(0), exit, exit}, nil, "0: 0-2, 0-2 falls\n2: 2-3, 2-3 exits\n1: 3-4, 3-4 exits"},
		{"a call of itself", []Insn{call(-1), exit}, nil, "0: 0-2, 0-2 exits"},
		{"a function that is called twice", []Insn{call(2), call(1), exit, exit}, nil, "0: 0-3, 0-3 exits\n1: 3-4, 3-4 exits"},
		{"calls of what is no slot", []Insn{call(99), call(-99), exit}, nil, "0: 0-3, 0-3 exits"},
		{"entries", []Insn{call(1), exit, exit, exit}, []int{3, 2, 0, -1, 4}, "0: 0-2, 0-2 exits\n1: 2-3, 2-3 exits\n2: 3-4, 3-4 exits"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.TrimSuffix(spelled(Flow(tt.insns, callee(tt.insns), tt.entries...)), "\n")
			if got != tt.want {
				t.Errorf("Flow() =\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// FuzzFlow divides any program: each slot is in one block of one function.
func FuzzFlow(f *testing.F) {
	f.Add([]byte{0x18, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x15, 0, 0xfe, 0xff, 0, 0, 0, 0, 0x85, 0x10, 0xff, 0xff, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0}, 1)
	f.Fuzz(func(t *testing.T, code []byte, entry int) {
		list, err := Decode(code, binary.LittleEndian)
		if err != nil {
			return
		}
		at := 0
		for _, fn := range Flow(list, callee(list), entry) {
			if fn.Start != at || len(fn.Blocks) == 0 {
				t.Fatalf("function at %d, want %d, with %d blocks", fn.Start, at, len(fn.Blocks))
			}
			for i, b := range fn.Blocks {
				if b.Start != at || b.End <= b.Start || b.Last < b.Start || b.Last >= b.End {
					t.Fatalf("block %d at %d-%d, want %d", i, b.Start, b.End, at)
				}
				if b.Next >= len(fn.Blocks) || b.Jump >= len(fn.Blocks) || b.Next >= 0 && b.Next != i+1 {
					t.Fatalf("block %d is followed by %d, %d of %d", i, b.Next, b.Jump, len(fn.Blocks))
				}
				at = b.End
			}
			if at != fn.End {
				t.Fatalf("function ends at %d, its blocks at %d", fn.End, at)
			}
		}
		if at != len(list) {
			t.Fatalf("%d of %d slots", at, len(list))
		}
	})
}

// TestDecode reads both byte orders, and refuses what is not whole.
func TestDecode(t *testing.T) {
	want := Insn{Code: 0x63, Dst: 1, Src: 10, Off: -2, Imm: 0x01020304}
	for order, code := range map[binary.ByteOrder]string{
		binary.LittleEndian: "\x63\xa1\xfe\xff\x04\x03\x02\x01",
		binary.BigEndian:    "\x63\x1a\xff\xfe\x01\x02\x03\x04",
	} {
		if list, err := Decode([]byte(code), order); err != nil || len(list) != 1 || list[0] != want {
			t.Errorf("%v: %v, %v, want %v", order, list, err, want)
		}
	}
	for code, want := range map[string]string{
		"\x95\x00\x00\x00\x00\x00\x00\x00\x18": "instruction 1: 1 bytes, want 8",
		"\x18\x00\x00\x00\x00\x00\x00\x00":     "instruction 0: the second half is missing",
	} {
		if _, err := Decode([]byte(code), binary.LittleEndian); err == nil || err.Error() != want {
			t.Errorf("%x: %v, want %q", code, err, want)
		}
	}
}
