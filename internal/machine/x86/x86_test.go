package x86

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/machine"
)

// ours are the lines of the golden file that we want to differ.
var ours = map[string]string{
	// LLVM does not show that the processor does not check the target.
	"3effe0": "notrack jmpq\t*%rax",
	"3effd2": "notrack callq\t*%rdx",
	"3effe6": "notrack jmpq\t*%rsi",
}

func TestGolden(t *testing.T) {
	if *record {
		recordGolden(t, "x86_64.txt")
	}
	pc, lines := readGolden(t, "x86_64.txt")
	if len(lines) < 400 {
		t.Errorf("%d cases, want 400", len(lines))
	}
	for _, l := range lines {
		want := l.text
		if ours, ok := ours[hex.EncodeToString(l.code)]; ok {
			want = ours
		}
		inst := readOne(l.code, pc)
		if inst.Text != want || inst.Len != len(l.code) {
			t.Errorf("%x: %d bytes, %q, want %q", l.code, inst.Len, inst.Text, want)
		}
	}
}

func TestRefs(t *testing.T) {
	const pc = 0xffffffffc0025e00
	tests := []struct {
		name string
		code string
		want machine.Ref
	}{
		{"jump", "e9b6000000", machine.Jump.To(0xffffffffc0025ebb)},
		{"short jump to itself", "ebfe", machine.Jump.To(pc)},
		{"branch", "0f87fcffffff", machine.Jump.To(pc + 2)},
		{"short branch", "7480", machine.Jump.To(0xffffffffc0025d82)},
		{"loop", "e2fb", machine.Jump.To(pc - 3)},
		{"call", "e8fb1fc000", machine.Call.To(0xffffffffc0c27e00)},
		{"call across zero", "e8fbffff7f", machine.Call.To(0x40025e00)},
		{"indirect call", "ffd0", machine.Ref{}},
		{"call through memory", "ff1500000000", machine.Ref{}},
		{"address", "48bf0000d0c086a1ffff", machine.Const.To(0xffffa186c0d00000)},
		{"address in r15", "49bf0000d0c086a1ffff", machine.Const.To(0xffffa186c0d00000)},
		{"address of the kernel's image", "48c7c600000f81", machine.Const.To(0xffffffff810f0000)},
		{"number of 32 bits", "48be00000080ffffffff", machine.Const.To(0xffffffff80000000)},
		{"small number in 64 bits", "48be0100000000000000", machine.Ref{}},
		{"positive number", "48c7c60000000f", machine.Ref{}},
		{"register of 32 bits is too short", "b8ffffffff", machine.Ref{}},
		{"stores are none", "48c745f8ffffffff", machine.Ref{}},
		{"additions are none", "4881c0000000ff", machine.Ref{}},
		{"per-CPU variable", "654803042500f0ffff", machine.PerCPU.To(0xfffffffffffff000)},
		{"per-CPU variable, relative", "6548030501000100", machine.PerCPU.To(pc + 8 + 0x10001)},
		{"per-CPU store", "65ff0d00000180", machine.PerCPU.To(0xffffffffc0025e07 - 0x7fff0000)},
		{"per-CPU variable by register", "65488b07", machine.Ref{}},
		{"per-CPU variable by index", "65488b04c500000000", machine.Ref{}},
		{"thread-local variable", "64488b042528000000", machine.Ref{}},
		{"data", "06", machine.Ref{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, err := hex.DecodeString(tt.code)
			if err != nil {
				t.Fatal(err)
			}
			inst := readOne(code, pc)
			if inst.Len != len(code) {
				t.Errorf("%q: %d bytes, want %d", inst.Text, inst.Len, len(code))
			}
			if diff := cmp.Diff(tt.want, inst.Ref); diff != "" {
				t.Errorf("%q: reference mismatch (-want +got):\n%s", inst.Text, diff)
			}
		})
	}
}

func TestData(t *testing.T) {
	tests := []struct {
		name string
		code string
		want []string
	}{
		{"no instruction", "0690", []string{".byte\t0x06", "nop"}},
		{"cut off", "48b801", []string{".byte\t0x48", ".byte\t0xb8", ".byte\t0x01"}},
		{"only prefixes", "f3f0", []string{".byte\t0xf3", ".byte\t0xf0"}},
		{"longer than processors take", strings.Repeat("66", 15) + "90", []string{".byte\t0x66", "nop"}},
		{"length, but no name", "0f38fcc190", []string{".byte\t0x0f, 0x38, 0xfc, 0xc1", "nop"}},
		{"AVX-512 with a mask", "62f1fd496f0790", []string{".byte\t0x62, 0xf1, 0xfd, 0x49, 0x6f, 0x07", "nop"}},
		{"XOP", "8fe878c2c10390", []string{".byte\t0x8f, 0xe8, 0x78, 0xc2, 0xc1, 0x03", "nop"}},
		{"VEX behind a prefix that forbids it", "66c5f86f0790", []string{".byte\t0x66, 0xc5, 0xf8, 0x6f, 0x07", "nop"}},
		{"test registers", "0f24c090", []string{".byte\t0x0f", "andb\t$-64, %al", "nop"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, err := hex.DecodeString(tt.code)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, inst := range Arch.Insts(code, 0) {
				got = append(got, inst.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("instructions mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
