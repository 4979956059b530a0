package prog

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/machine/x86"
)

// TestMachineCode writes machine code as the reference does, from which what is wanted
// was taken.
func TestMachineCode(t *testing.T) {
	code, err := hex.DecodeString("0f1f440000" + "4831c0" + "7706" + "c3")
	if err != nil {
		t.Fatal(err)
	}
	function := func() machineFunction {
		const addr = 0xffffffffc0025eab
		return machineFunction{
			signature: "int p(void * ctx)", symbol: "bpf_prog_2a08d8a7908dfb2c_p", named: true, addr: addr, code: code,
			lines: []line{{0, true, "/tmp/m1.bpf.c", "\tint x = \"1\";", 43, 0}, {slot: 5, known: true}},
			insts: x86.Arch.All(code, addr, nil),
		}
	}
	short := function()
	short.signature, short.lines, short.code, short.insts = "", nil, code[10:], x86.Arch.All(code[10:], 0, nil)
	old := short
	old.named = false
	tests := []struct {
		name        string
		functions   []machineFunction
		style       style
		plain, json string
	}{
		{"plain", []machineFunction{function(), short}, style{},
			lines("int p(void * ctx):", "bpf_prog_2a08d8a7908dfb2c_p:", `; int x = "1";`, "   0:\tnopl\t(%rax,%rax)", "; ", "   5:\txorq\t%rax, %rax",
				"   8:\tja\t0xffffffffc0025ebb", "   a:\tretq", "", "bpf_prog_2a08d8a7908dfb2c_p:", "   0:\tretq", ""),
			`[{"proto":"int p(void * ctx)","name":"bpf_prog_2a08d8a7908dfb2c_p","insns":[` +
				`{"src":"int x = \"1\";","pc":"0x0","operation":"nopl","operands":["%rax","%rax"]},` +
				`{"src":"","pc":"0x5","operation":"xorq","operands":["%rax","%rax"]},` +
				`{"pc":"0x8","operation":"ja","operands":["0xffffffffc0025ebb"]},{"pc":"0xa","operation":"retq","operands":[null]}]},` +
				`{"name":"bpf_prog_2a08d8a7908dfb2c_p","insns":[{"pc":"0x0","operation":"retq","operands":[null]}]}]`},
		{"everything", []machineFunction{function()}, style{opcodes: true, linum: true},
			lines("int p(void * ctx):", "bpf_prog_2a08d8a7908dfb2c_p:", `; int x = "1"; [file:/tmp/m1.bpf.c line_num:43 line_col:0]`,
				"   0:\tnopl\t(%rax,%rax)", "\t0f 1f 44 00 00 ", ";  [file: line_num:0 line_col:0]", "   5:\txorq\t%rax, %rax", "\t48 31 c0 ",
				"   8:\tja\t0xffffffffc0025ebb", "\t77 06 ", "   a:\tretq", "\tc3 ", ""),
			`[{"proto":"int p(void * ctx)","name":"bpf_prog_2a08d8a7908dfb2c_p","insns":[` +
				`{"src":"int x = \"1\";","file":"/tmp/m1.bpf.c","line_num":43,"pc":"0x0","operation":"nopl","operands":["%rax","%rax"],"opcodes":["0x0f","0x1f","0x44","0x00","0x00"]},` +
				`{"src":"","file":"","pc":"0x5","operation":"xorq","operands":["%rax","%rax"],"opcodes":["0x48","0x31","0xc0"]},` +
				`{"pc":"0x8","operation":"ja","operands":["0xffffffffc0025ebb"],"opcodes":["0x77","0x06"]},{"pc":"0xa","operation":"retq","operands":[null],"opcodes":["0xc3"]}]}]`},
		{"before Linux 4.18", []machineFunction{old}, style{}, "   0:\tretq\n", `[{"pc":"0x0","operation":"retq","operands":[null]}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := &machineCode{tt.functions, &machineNames{}, tt.style}
			var b bytes.Buffer
			w := bufio.NewWriter(&b)
			m.Plain(w)
			w.Flush()
			if b.String() != tt.plain {
				t.Errorf("Plain():\n%s\nwant\n%s", b.String(), tt.plain)
			}
			if got := string(m.AppendJSON(nil)); got != tt.json {
				t.Errorf("AppendJSON():\n%s\nwant\n%s", got, tt.json)
			}
		})
	}
}

// TestArchNamed says what can be done where machine code cannot be read, as on kernels
// for processors of 32 bits.
func TestArchNamed(t *testing.T) {
	const want = "machine code of 'i686' cannot be read; 'file' writes it as it is"
	if a, err := archNamed("i686"); a != nil || err == nil || err.Error() != want {
		t.Errorf("%v, %v, want %s", a, err, want)
	}
}

// TestMachineFunctions divides machine code as the kernel says, even if that is more or
// less than there is.
func TestMachineFunctions(t *testing.T) {
	tests := []struct {
		name string
		lens []uint32
		want []int
	}{
		{"no lengths", nil, []int{10}},
		{"two", []uint32{4, 6}, []int{4, 6}},
		{"too long", []uint32{4, 60}, []int{4, 6}},
		{"too many", []uint32{10, 4}, []int{10, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &code{ProgCode: &bpf.ProgCode{Jited: make([]byte, 10), FuncLens: tt.lens}}
			list := c.machineFunctions()
			if len(list) != len(tt.want) {
				t.Fatalf("%d functions, want %d", len(list), len(tt.want))
			}
			for i, f := range list {
				if len(f.code) != tt.want[i] || f.named != (tt.lens != nil) || f.named && f.symbol != "unknown" {
					t.Errorf("function %d: %d bytes, %q", i, len(f.code), f.symbol)
				}
			}
		})
	}
}
