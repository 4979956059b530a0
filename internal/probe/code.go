package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A trialCode is a program that has what is asked about.
type trialCode struct {
	name string
	code []insn
}

// ret0 ends a program with 0.
var ret0 = []insn{move(0), exit}

// onStack is where instructions find a number: 8 bytes below the frame pointer, which are set to 0.
var onStack = insn{Code: 0x7a, Dst: 10, Off: -8}

// instructions are what the first kernels did not know, a program for each.
//
// Source: Documentation/bpf/standardization/instruction-set.rst of the kernel.
var instructions = []trialCode{
	{"jumps if less: jlt, jle, jslt, jsle", []insn{move(0), jump(jumpLess, 1, 0), move(1), exit}},
	{"jumps by halves of registers: jmp32", []insn{move(0), jump(jumpEqual32, 1, 1), move(1), exit}},
	{"atomic operations beyond addition", []insn{onStack, move(1), {Code: 0xdb, Dst: 10, Src: 0, Off: -8, Imm: 0x01}, exit}},
	{"division with a sign: sdiv, smod", []insn{move(4), {Code: 0x37, Off: 1, Imm: 2}, exit}},
	{"moves with a sign: movsx", []insn{move(4), {Code: 0xbf, Off: 8}, exit}},
	{"loads with a sign: ldsx", []insn{onStack, {Code: 0x91, Src: 10, Off: -8}, exit}},
	{"swaps of bytes whatever the order: bswap", []insn{move(4), {Code: 0xd7, Imm: 16}, exit}},
	{"long jumps: gotol", longJump},
	{"may_goto", []insn{move(0), {Code: 0xe5, Off: 1}, move(1), exit}},
	{"addr_space_cast", nil},
	{"load_acquire, store_release", []insn{onStack, {Code: 0xdb, Src: 10, Off: -8, Imm: 0x100}, exit}},
	{"gotox", nil},
}

// longJump goes over an instruction that would be wrong, as kernels would find that take the jump for a short one.
var longJump = []insn{move(0), jump(jumpEqual32, 1, 1), jump(jumpFar, 0, 1), {Code: 0xbf, Src: 9}, exit}

// codes are what programs may have.
var codes = []trialCode{
	{"calls of functions", append([]insn{{Code: 0x85, Src: bytecode.CallFunc, Imm: 1}, exit}, ret0...)},
	{"addresses of functions", nil},
	{"global variables", nil},
	{"variables of each processor", nil},
	{"jumps by a table", nil},
	{"variables of the kernel", nil},
	{"loops", []insn{move(10), subtract(1), jump(jumpNotEqual, -2, 0), exit}},
	{"more than 4096 instructions", nil},
}

func features(list []trialCode) (all []Feature) {
	for _, c := range list {
		all = append(all, Feature{Name: c.name, Prog: anywhere})
	}
	return all
}

// runs finds out whether the kernel takes a program.
func (q *question) runs(c trialCode, log []byte) Outcome {
	switch c.name {
	case "addr_space_cast":
		return withMap(bpf.MapSpec{Type: mapNumber("arena"), Flags: mmapable, MaxEntries: 1, Extra: arenaStart}, log, castCode)
	case "global variables":
		return withMap(mapSpec(names.MapType(mapNumber("array"))), log, func(m bpf.FD) []insn { return append(wide(1, bytecode.LoadValue, int32(m), 0), ret0...) })
	case "variables of each processor":
		perCPU := mapSpec(names.MapType(mapNumber("percpu_array")))
		return withMap(perCPU, log, func(m bpf.FD) []insn { return append(wide(1, bytecode.LoadValue, int32(m), 0), ret0...) })
	case "gotox", "jumps by a table":
		return tableJump(log)
	case "addresses of functions":
		return callback(log)
	case "variables of the kernel":
		return q.kernelVariable(log)
	case "more than 4096 instructions":
		return loaded(code(tooLong()...), nil)
	}
	return loaded(code(c.code...), log)
}

// tooLong returns a program that is longer than they could be. It is not made before it is asked for.
func tooLong() []insn { return append(slices.Repeat([]insn{move(1)}, oldLimit), exit) }

// anywhere is the type of programs that may have all that is asked about, and need no kernel's types: BPF_PROG_TYPE_SCHED_CLS.
const anywhere = 3

// loaded loads a program. It is for packets: those of users without rights may have less.
func loaded(insns, log []byte) Outcome {
	return verified(&bpf.ProgSpec{Type: anywhere, License: "GPL", Insns: insns, LogLevel: 1}, log)
}

// verified loads a program, and keeps why it is refused.
func verified(spec *bpf.ProgSpec, log []byte) Outcome {
	o := taken(tried(spec, log))
	if !o.Able && log != nil {
		o.Said = lastLine(log)
	}
	return o
}

// wide returns the instruction that sets a register to a number of 64 bits, or to what stands for it.
func wide(reg, what uint8, low, high int32) []insn {
	return []insn{{Code: 0x18, Dst: reg, Src: what, Imm: low}, {Imm: high}}
}

// arenaStart is where an arena would be for users: they never see this one.
const arenaStart = 1 << 44

// withMap loads a program that refers to a map.
func withMap(spec bpf.MapSpec, log []byte, f func(bpf.FD) []insn) Outcome {
	m, err := open(spec)
	if err != nil {
		return Outcome{Err: err}
	}
	defer m.Close()
	return loaded(code(f(m)...), log)
}

// kernelVariable loads a program that refers to a variable of the kernel. Some that have types are gone when it
// has started.
func (q *question) kernelVariable(log []byte) Outcome {
	o := Outcome{Err: fmt.Errorf("%w: the kernel's types have no variable", ErrUntold)}
	for _, id := range q.kernel.variables {
		if o = loaded(code(append(wide(1, bytecode.LoadVariable, int32(id), 0), ret0...)...), log); o.Able {
			break
		}
	}
	return o
}

// castCode is a program that casts an address of an arena.
func castCode(arena bpf.FD) []insn {
	const toUser = 1 << 16 // from address space 0 to 1
	cast := insn{Code: 0xbf, Dst: 1, Src: 1, Off: 1, Imm: toUser}
	return append(append(wide(1, bytecode.LoadMap, int32(arena), 0), cast), ret0...)
}

// tableJump jumps to where a register says, which is no address of an instruction. Kernels that know such jumps mind that.
func tableJump(log []byte) Outcome {
	o := loaded(code(move(0), insn{Code: 0x0d}, exit), log)
	o.Able = o.Said != "" && !strings.Contains(o.Said, "reserved fields") && !strings.Contains(o.Said, "unknown opcode") && !strings.Contains(o.Said, "invalid BPF_JA")
	return o
}

// callback loads a program that has the address of one of its functions.
func callback(log []byte) Outcome {
	d := newTypes()
	d.add(btf.FuncProto, 0, "", 1)
	d.add(btf.Func, uint32(btf.Global), "f", 2)
	d.add(btf.Func, uint32(btf.Static), "g", 2)
	types, err := bpf.LoadBTF(d.bytes(), 0, nil)
	if err != nil {
		return Outcome{Err: err}
	}
	defer types.Close()
	insns := append(append(wide(1, bytecode.LoadFunc, 3, 0), ret0...), ret0...)
	return verified(&bpf.ProgSpec{
		Type: anywhere, License: "GPL", Insns: code(insns...), LogLevel: 1,
		BTF: types, Funcs: []bpf.FuncInfo{{Slot: 0, Type: 3}, {Slot: 4, Type: 4}},
	}, log)
}
