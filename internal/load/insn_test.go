package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// TestInsn puts numbers into instructions: registers and what follows stay as they are.
func TestInsn(t *testing.T) {
	if bigEndian {
		t.Skip("the bytes below are of machines with the other byte order")
	}
	const wide, call, after = 0x18, 0x85, 0x95
	tests := []struct {
		name string
		code []byte
		do   func(insn)
		want []byte
	}{
		{"a map", []byte{wide, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, after},
			func(in insn) { in.wide(bytecode.LoadMap, 7, 0) },
			[]byte{wide, 0x12, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, after}},
		{"a value in one", []byte{wide, 0x13, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, after},
			func(in insn) { in.wide(bytecode.LoadValue, 7, 258) },
			[]byte{wide, 0x23, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, after}},
		{"a function of a module", []byte{call, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff, after},
			func(in insn) { in.call(300, 2) },
			[]byte{call, 0x20, 2, 0, 44, 1, 0, 0, after}},
		{"what is not there", []byte{call, 0x10, 0, 0, 0xff, 0xff, 0xff, 0xff, after},
			func(in insn) { in.poison(258) },
			[]byte{call, 0, 0, 0, 2, 1, 0, 0, after}},
		{"what is not there, of two slots", []byte{wide, 0x12, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, after},
			func(in insn) { in.poison(258) },
			[]byte{call, 0, 0, 0, 2, 1, 0, 0, call, 0, 0, 0, 2, 1, 0, 0, after}},
	}
	for _, tt := range tests {
		tt.do(insn(tt.code))
		if diff := cmp.Diff(tt.want, tt.code); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", tt.name, diff)
		}
	}
}
