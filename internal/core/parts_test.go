package core

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

func TestEssential(t *testing.T) {
	for name, want := range map[string]string{
		"task_struct": "task_struct", "task_struct___old": "task_struct", "a___b___c": "a___b",
		"___a": "___a", "a___": "a___", "a____b": "a____b", "a__b": "a__b", "": "", "___": "___",
		"a___b____": "a", "a_b___c_d": "a_b", "x___1": "x",
	} {
		if got := essential(name); got != want {
			t.Errorf("essential(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestCompute has the results that the specification of the instructions gives.
func TestCompute(t *testing.T) {
	const minus1 = ^uint64(0)
	tests := []struct {
		name string
		code uint8
		off  int16
		a, b number
		want number
	}{
		{"mov", 0xb7, 0, number{}, known(5), known(5)},
		{"mov of minus one to the lower half", 0xb4, 0, known(9), known(minus1), known(0xffffffff)},
		{"mov that extends a sign", 0xbf, 8, known(0), known(0xff), number{}},
		{"add", 0x07, 0, known(3), known(minus1), known(2)},
		{"add to the lower half", 0x04, 0, known(1), known(minus1), known(0)},
		{"add to what is not known", 0x07, 0, number{}, known(1), number{}},
		{"add of what is not known", 0x0f, 0, known(1), number{}, number{}},
		{"sub", 0x17, 0, known(3), known(5), known(minus1 - 1)},
		{"mul", 0x27, 0, known(3), known(5), known(15)},
		{"div", 0x37, 0, known(6), known(2), number{}},
		{"or", 0x47, 0, known(6), known(1), known(7)},
		{"and", 0x57, 0, known(6), known(3), known(2)},
		{"lsh", 0x67, 0, known(1), known(63), known(1 << 63)},
		{"lsh by more bits than there are", 0x67, 0, known(1), known(65), known(2)},
		{"lsh in the lower half", 0x64, 0, known(1), known(33), known(2)},
		{"rsh", 0x77, 0, known(minus1), known(63), known(1)},
		{"rsh in the lower half", 0x74, 0, known(minus1), known(31), known(1)},
		{"neg", 0x87, 0, known(1), known(0), known(minus1)},
		{"xor", 0xa7, 0, known(6), known(3), known(5)},
		{"arsh", 0xc7, 0, known(1 << 63), known(63), known(minus1)},
		{"arsh in the lower half", 0xc4, 0, known(1 << 31), known(31), known(0xffffffff)},
		{"swap of bytes", 0xd4, 0, known(1), known(16), number{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := compute(bytecode.Insn{Code: tt.code, Off: tt.off}, tt.a, tt.b)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(number{})); diff != "" {
				t.Errorf("compute() (-want +got):\n%s", diff)
			}
		})
	}
}

// TestJumps has the jumps that the specification of the instructions gives.
func TestJumps(t *testing.T) {
	const minus1 = ^uint64(0)
	tests := []struct {
		name string
		code uint8
		a, b number
		want string
	}{
		{"equal", 0x15, known(1), known(1), "yes"},
		{"not equal", 0x55, known(1), known(1), "no"},
		{"bits", 0x45, known(6), known(2), "yes"},
		{"no bits", 0x45, known(6), known(1), "no"},
		{"above", 0x25, known(minus1), known(0), "yes"},
		{"above or equal", 0x35, known(1), known(1), "yes"},
		{"below", 0xa5, known(minus1), known(0), "no"},
		{"below or equal", 0xb5, known(2), known(1), "no"},
		{"greater", 0x65, known(minus1), known(0), "no"},
		{"greater or equal", 0x75, known(0), known(minus1), "yes"},
		{"less", 0xc5, known(minus1), known(0), "yes"},
		{"less or equal", 0xd5, known(1), known(0), "no"},
		{"equal in the lower half", 0x16, known(1 << 32), known(0), "yes"},
		{"greater in the lower half", 0x66, known(0xffffffff), known(0), "no"},
		{"one side is not known", 0x15, number{}, known(0), "unknown"},
		{"other side is not known", 0x1d, known(0), number{}, "unknown"},
		{"a jump that may be taken", 0xe5, known(0), known(0), "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := "unknown"
			if yes, sure := jumps(bytecode.Insn{Code: tt.code}, tt.a, tt.b); sure {
				got = map[bool]string{true: "yes", false: "no"}[yes]
			}
			if got != tt.want {
				t.Errorf("jumps() = %s, want %s", got, tt.want)
			}
		})
	}
}

// TestStack keeps numbers on the stack, and forgets what may have been overwritten.
func TestStack(t *testing.T) {
	const (
		movR1 = 0xb7 // r1 = imm
		call  = 0x85
		exit  = 0x95
	)
	store := func(off int16) bytecode.Insn { return bytecode.Insn{Code: 0x7b, Dst: 10, Src: 1, Off: off} }
	load := func(off int16) bytecode.Insn { return bytecode.Insn{Code: 0x79, Dst: 2, Src: 10, Off: off} }
	skip := bytecode.Insn{Code: 0x15, Dst: 2, Off: 1} // if r2 == 0 goto +1
	zero := bytecode.Insn{Code: movR1, Dst: 1}
	tests := []struct {
		name  string
		list  []bytecode.Insn
		known bool // so that the instruction behind the jump is not reached
	}{
		{"kept", []bytecode.Insn{zero, store(-8), load(-8)}, true},
		{"kept over a call", []bytecode.Insn{zero, store(-8), {Code: call, Imm: 5}, load(-8)}, true},
		{"overwritten in part", []bytecode.Insn{zero, store(-8), {Code: 0x72, Dst: 10, Off: -1, Imm: 1}, load(-8)}, false},
		{"another place", []bytecode.Insn{zero, store(-8), load(-16)}, false},
		{"given away", []bytecode.Insn{zero, store(-8), {Code: 0xbf, Dst: 1, Src: 10}, {Code: call, Imm: 5}, load(-8)}, false},
		{"written through another pointer", []bytecode.Insn{zero, store(-8), {Code: 0xbf, Dst: 3, Src: 10}, {Code: 0x7b, Dst: 3, Src: 4}, load(-8)}, false},
		{"changed at once", []bytecode.Insn{zero, store(-8), {Code: 0xdb, Dst: 10, Src: 3, Off: -8}, load(-8)}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := append(tt.list, skip, bytecode.Insn{Code: movR1, Dst: 0}, bytecode.Insn{Code: exit})
			reached := make([]bool, len(list))
			walk(encode(list), little, reached)
			if got := !reached[len(list)-2]; got != tt.known {
				t.Errorf("known = %v, want %v", got, tt.known)
			}
		})
	}
}

// encode is the opposite of bytecode.Decode.
func encode(list []bytecode.Insn) (code []byte) {
	for _, in := range list {
		code = append(code, in.Code, in.Src<<4|in.Dst)
		code = little.AppendUint16(code, uint16(in.Off))
		code = little.AppendUint32(code, uint32(in.Imm))
	}
	return code
}

var little = binary.LittleEndian
