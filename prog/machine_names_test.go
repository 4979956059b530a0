package prog

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/machine"
	"github.com/gobpftool/gobpftool/internal/machine/arm64"
	"github.com/gobpftool/gobpftool/internal/machine/x86"
)

// insnMap loads the address of a map, and insnValue one within its only value.
func insnMap(id int32) bytecode.Insn {
	return bytecode.Insn{Code: 0x18, Dst: 1, Src: bytecode.LoadMap, Imm: id}
}

func insnValue(id int32) bytecode.Insn {
	return bytecode.Insn{Code: 0x18, Dst: 1, Src: bytecode.LoadValue, Imm: id}
}

// Machine code of x86-64 that the programs below may have been compiled to.
const (
	ret = "c3"
	// movabsq $address, %rdi: of data of kernels with page tables of four and of five levels.
	loadA   = "48bf0000d0c086a1ffff"
	loadB   = "48bf0080d0c086a1ffff"
	deep    = "48bf0000d0c08600a1ff"
	inImage = "48c7c700000f81" // movq $0xffffffff810f0000, %rdi
)

// compiled is a program with the machine code of its functions.
func compiled(t *testing.T, arch *machine.Arch, insns []bytecode.Insn, functions ...string) (*code, []machineFunction) {
	t.Helper()
	c := &code{ProgCode: &bpf.ProgCode{Xlated: listed(insns...).code}}
	for i, text := range functions {
		raw, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		c.Jited = append(c.Jited, raw...)
		c.Ksyms = append(c.Ksyms, 0xffffffffc0001000+uint64(i)*0x1000)
		c.FuncLens = append(c.FuncLens, uint32(len(raw)))
	}
	list := c.machineFunctions()
	for i := range list {
		list[i].insts = arch.All(list[i].code, list[i].addr, nil)
	}
	return c, list
}

// TestMachineMaps names maps by the order of the instructions that load them, or none.
func TestMachineMaps(t *testing.T) {
	type insns = []bytecode.Insn
	tests := []struct {
		name      string
		arch      *machine.Arch
		insns     insns
		functions []string
		want      string // names in order, as far as there are
	}{
		{"one", &x86.Arch, insns{insnMap(5), insnHigh, insnExit}, []string{loadA + ret}, "map[id:5]"},
		{"value", &x86.Arch, insns{insnValue(5), {Imm: 16}, insnExit}, []string{loadA + ret}, "map[id:5][0]+16"},
		{"five levels of page tables", &x86.Arch, insns{insnMap(5), insnHigh, insnExit}, []string{deep + ret}, "map[id:5]"},
		{"two", &x86.Arch, insns{insnMap(5), insnHigh, insnMap(6), insnHigh, insnExit}, []string{loadA + loadB + ret}, "map[id:5] map[id:6]"},
		{"one twice", &x86.Arch, insns{insnMap(5), insnHigh, insnMap(5), insnHigh, insnExit}, []string{loadA + loadA + ret}, "map[id:5] map[id:5]"},
		{"two with one address", &x86.Arch, insns{insnMap(5), insnHigh, insnMap(6), insnHigh, insnExit}, []string{loadA + loadA + ret}, ""},
		{"one with two addresses", &x86.Arch, insns{insnMap(5), insnHigh, insnMap(5), insnHigh, insnExit}, []string{loadA + loadB + ret}, ""},
		{"more addresses than maps", &x86.Arch, insns{insnMap(5), insnHigh, insnExit}, []string{loadA + loadB + ret}, ""},
		{"more maps than addresses", &x86.Arch, insns{insnMap(5), insnHigh, insnMap(6), insnHigh, insnExit}, []string{loadA + ret}, ""},
		{"a number that looks like an address", &x86.Arch, insns{
			insnMap(5), insnHigh, {Code: 0x18, Imm: -0x3f2f8000}, {Imm: -0x5e7a}, insnExit,
		}, []string{loadA + loadB + ret}, "map[id:5]"},
		{"the kernel's image", &x86.Arch, insns{insnMap(5), insnHigh, insnExit}, []string{inImage + loadA + ret}, "map[id:5]"},
		{"two functions", &x86.Arch, insns{
			insnMap(5), insnHigh, insnCall(1), insnExit, insnMap(6), insnHigh, insnExit,
		}, []string{loadA + ret, loadB + ret}, "map[id:5] map[id:6]"},
		{"only one of two functions", &x86.Arch, insns{
			insnMap(5), insnHigh, insnCall(1), insnExit, insnMap(6), insnHigh, insnExit,
		}, []string{loadA + ret, ret}, "map[id:5]"},
		{"fewer functions than there are", &x86.Arch, insns{insnMap(5), insnHigh, insnCall(0), insnExit}, []string{loadA + ret}, ""},
		// The address of what is called is a number as that of a map is.
		{"calls by register", &arm64.Arch, insns{insnMap(5), insnHigh, {Code: 0x85, Imm: 1}, insnExit},
			[]string{"000080920024b4f20000d0f2" + "6adb8f926a24b0f20a00d0f240013fd6" + "c0035fd6"}, "map[id:5]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, functions := compiled(t, tt.arch, tt.insns, tt.functions...)
			n := &machineNames{}
			n.nameMaps(c, tt.insns, functions)
			var got []string
			for i := range functions {
				for _, inst := range functions[i].insts {
					if name := n.append(nil, &functions[i], &inst); name != nil {
						got = append(got, strings.Trim(string(name), " <>"))
					}
				}
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// TestFarFunctions does not believe distances that do not fit into instructions.
func TestFarFunctions(t *testing.T) {
	insns := make([]bytecode.Insn, 1<<16)
	for i := range insns {
		insns[i] = insnMove
	}
	insns[1] = insnCall(1) // or 1<<16 further
	c, _ := compiled(t, &x86.Arch, insns, ret, ret)
	if slots := functionSlots(c, insns); slots != nil {
		t.Errorf("%d without types", slots)
	}
	c.Funcs = []bpf.FuncInfo{{Slot: 0}, {Slot: 40000}}
	if slots := functionSlots(c, insns); len(slots) != 2 || slots[1] != 40000 {
		t.Errorf("%d", slots)
	}
}

// TestMachineCalls names the program's own functions, but not what is within the same one.
func TestMachineCalls(t *testing.T) {
	c, functions := compiled(t, &x86.Arch, []bytecode.Insn{insnCall(1), insnExit, insnExit},
		"e8fb0f0000"+"ebf9"+"c3", // callq 0xffffffffc0002000; jmp to the start; ret
		"e9fbefffff")             // jmp 0xffffffffc0001000
	c.info.Tag = [8]byte{0xab}
	for i := range functions {
		functions[i].symbol = c.symbol(i)
	}
	n := c.machineNames(functions)
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	(&machineCode{functions: functions, names: n}).Plain(w)
	w.Flush()
	want := lines("bpf_prog_ab00000000000000:",
		"   0:\tcallq\t0xffffffffc0002000 <bpf_prog_ab00000000000000_F>",
		"   5:\tjmp\t0xffffffffc0001000",
		"   7:\tretq", "",
		"bpf_prog_ab00000000000000_F:",
		"   0:\tjmp\t0xffffffffc0001000 <bpf_prog_ab00000000000000>", "")
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}

// perCPUTypes has a section with some variables, four bytes each.
func perCPUTypes(t *testing.T, section string, variables ...string) *btf.Spec {
	t.Helper()
	types := new(fixture.Types).Add("int", btf.Int, 0, 4, 32)
	var places []uint32
	for i, name := range variables {
		types.Add(name, btf.Var, 0, 1, 1)
		places = append(places, uint32(2+i), uint32(4*i), 4)
	}
	types.Add(section, btf.Datasec, uint32(len(variables)), 0, places...)
	spec, err := btf.Parse(types.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// TestPerCPUVariables counts from the variable that programs use.
func TestPerCPUVariables(t *testing.T) {
	got := perCPUVariables(perCPUTypes(t, perCPUSection, "early", selfOffset, "current_task"))
	if len(got) != 3 || got["current_task"] != 4 || int64(got["early"]) != -4 {
		t.Errorf("%v", got)
	}
	for _, none := range []*btf.Spec{perCPUTypes(t, ".data", selfOffset), perCPUTypes(t, perCPUSection, "early")} {
		if got := perCPUVariables(none); got != nil {
			t.Errorf("%v, want none", got)
		}
	}
}

// TestNamePerCPU names what the code uses of the processor's own.
func TestNamePerCPU(t *testing.T) {
	const add, load = "65480305e1ffffff", "65488b3dd9ffffff" // addq %gs:..(%rip), %rax; movq %gs:..(%rip), %rdi
	_, functions := compiled(t, &x86.Arch, nil, add+load)
	self, other := functions[0].insts[0].Ref, functions[0].insts[1].Ref
	if self.Kind != machine.PerCPU || other.Kind != machine.PerCPU {
		t.Fatalf("%v, %v", self, other)
	}
	n := &machineNames{at: make(map[uint64]string)}
	n.namePerCPU(functions, map[uint64]kallsyms.Symbol{self.Value: {}, other.Value: {}})
	if len(n.at) > 0 {
		t.Errorf("symbols are known, but there is %v", n.at)
	}
	n.namePerCPU(functions, nil)
	if n.at[self.Value] != selfOffset {
		t.Errorf("%v, want %s", n.at, selfOffset)
	}
}
