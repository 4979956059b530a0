package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestParseJited(t *testing.T) {
	const out = `int main(struct xdp_md * ctx):
bpf_prog_f00d_main:
; int main(struct xdp_md *ctx)
   0:	nopl	(%rax,%rax)
	0f 1f 44 00 00 
; a: b
   5:	xchgw	%ax, %ax

bpf_prog_f00d_sub:
   0:	endbr64
 1f4:	retq

`
	want := []function{
		{"bpf_prog_f00d_main", []insn{{0, "nopl\t(%rax,%rax)"}, {5, "xchgw\t%ax, %ax"}}},
		{"bpf_prog_f00d_sub", []insn{{0, "endbr64"}, {0x1f4, "retq"}}},
	}
	tests := []struct {
		name, out string
		want      []function
	}{
		{"functions", out, want},
		{"without the last line", strings.TrimSuffix(out, "\n"), want},
		{"only instructions", "   0:\tretq\n", []function{{"", []insn{{0, "retq"}}}}},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, parseJited(tt.out), cmp.AllowUnexported(function{}, insn{})); diff != "" {
				t.Errorf("parseJited() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseObjdump(t *testing.T) {
	const out = `
/tmp/function:     file format binary


Disassembly of section .data:

ffffffffc0001000 <.data>:
ffffffffc0001000:	nopl   0x0(%rax,%rax,1)
ffffffffc0001005:	lock xaddq %rdi,(%rax)
`
	want := []insn{{0, "nopl   0x0(%rax,%rax,1)"}, {5, "lock xaddq %rdi,(%rax)"}}
	if diff := cmp.Diff(want, parseObjdump(out, 0xffffffffc0001000), cmp.AllowUnexported(insn{})); diff != "" {
		t.Errorf("parseObjdump() mismatch (-want +got):\n%s", diff)
	}
}

// TestObjdump reads code with zeros, which objdump would skip.
func TestObjdump(t *testing.T) {
	fixture.Need(t, fixture.Objdump)
	path := filepath.Join(t.TempDir(), "function")
	if err := os.WriteFile(path, make([]byte, 64), 0o600); err != nil {
		t.Fatal(err)
	}
	insns, err := objdump(t.Context(), path, 0xffffffffc0001000)
	if err != nil {
		t.Fatal(err)
	}
	if len(insns) < 16 || insns[0].offset != 0 {
		t.Errorf("%d instructions, want one each two or four bytes from 0", len(insns))
	}
}

func TestMnemonic(t *testing.T) {
	for text, want := range map[string]string{
		"retq":                       "retq",
		"movq\t%rax, %rbx":           "movq",
		"lock xaddq %rdi,(%rax)":     "lock xaddq",
		"lock\txaddq\t%rdi, (%rax)":  "lock xaddq",
		"data16 cs nopw 0(%rax)":     "data16 cs nopw",
		"lock":                       "lock",
		"movzbq %gs:0x1c(%rax),%rax": "movzbq",
		"":                           "",
	} {
		if got := (insn{0, text}).mnemonic(); got != want {
			t.Errorf("mnemonic of %q = %q, want %q", text, got, want)
		}
	}
}

func TestTolerate(t *testing.T) {
	tests := []struct {
		theirs, ours string
		want         bool
	}{
		{"leaveq", "leave", true},
		{"jmp", "jmpq", true},
		{"bswap", "bswapl", true},
		{"jmpq", "leave", false},
		{"jmpq", "ja", false},
		{"movq", "mov", false},
		{"retq", "retf", false},
	}
	for _, tt := range tests {
		if got := tolerate(tt.theirs, tt.ours); (got != "") != tt.want {
			t.Errorf("tolerate(%s, %s) = %q, want a reason: %v", tt.theirs, tt.ours, got, tt.want)
		}
	}
}

func TestCompareFunctions(t *testing.T) {
	theirs := []insn{{0, "pushq  %rbp"}, {1, "leaveq"}, {2, "jmpq   0x10"}}
	tests := []struct {
		name   string
		ours   []insn
		bounds tally
		names  tally
		why    string
	}{
		{"the same", theirs, tally{1}, tally{1}, ""},
		{"other spellings", []insn{{0, "pushq\t%rbp"}, {1, "leave"}, {2, "jmp\t0x10"}}, tally{1}, tally{0, 1}, ""},
		{"another mnemonic", []insn{{0, "popq\t%rbp"}, {1, "leave"}, {2, "jmp\t0x10"}}, tally{1}, tally{0, 0, 1},
			`f: at 0x0 objdump reads "pushq  %rbp", here it is "popq\t%rbp"`},
		{"another place", []insn{{0, "pushq\t%rbp"}, {2, "leave"}}, tally{0, 0, 1}, tally{0, 0, 1},
			"f: an instruction at 0x2, objdump reads one at 0x1"},
		{"fewer", theirs[:2], tally{0, 0, 1}, tally{0, 0, 1}, "f: 2 instructions, objdump reads 3"},
		{"more", append(theirs, insn{3, "int3"}), tally{0, 0, 1}, tally{0, 0, 1}, "f: 4 instructions, objdump reads 3"},
		{"none", nil, tally{0, 0, 1}, tally{0, 0, 1}, "f: 0 instructions, objdump reads 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := jited{tolerated: make(map[string]int)}
			j.compare(theirs, function{"f", tt.ours})
			if j.bounds != tt.bounds || j.names != tt.names || strings.Join(j.why, "; ") != tt.why {
				t.Errorf("boundaries %v, mnemonics %v, %q; want %v, %v, %q", j.bounds, j.names, j.why, tt.bounds, tt.names, tt.why)
			}
		})
	}
}
