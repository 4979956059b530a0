package machine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/machine"
)

func TestWords(t *testing.T) {
	tests := []struct {
		name      string
		text      string
		operation string
		operands  []string
	}{
		{"no operands", "retq", "retq", nil},
		{"registers", "movq\t%rsp, %rbp", "movq", []string{"%rsp", "%rbp"}},
		{"memory", "movq\t-8(%rbp,%rax,8), %rdi", "movq", []string{"-8", "%rbp", "%rax", "8", "%rdi"}},
		{"only memory", "nopl\t(%rax,%rax)", "nopl", []string{"%rax", "%rax"}},
		{"no base", "movl\t(,%rax,8), %edi", "movl", []string{"%rax", "8", "%edi"}},
		{"a prefix is the operation", "lock addq\t%rax, (%rdi)", "lock", []string{"addq", "%rax", "%rdi"}},
		{"segment", "addq\t%gs:-16, %rax", "addq", []string{"%gs:-16", "%rax"}},
		{"indirect", "jmpq\t*8(%rdi)", "jmpq", []string{"*8", "%rdi"}},
		{"data", ".byte\t0x62, 0x01", ".byte", []string{"0x62", "0x01"}},
		{"brackets are kept", "ldr\tx0, [x1, #8]", "ldr", []string{"x0", "[x1", "#8]"}},
		{"nothing", "", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inst := machine.Inst{Text: tt.text}
			if got := inst.Operation(); got != tt.operation {
				t.Errorf("Operation() = %q, want %q", got, tt.operation)
			}
			if diff := cmp.Diff(tt.operands, inst.Operands()); diff != "" {
				t.Errorf("Operands() mismatch (-want +got):\n%s", diff)
			}
		})
	}
}
