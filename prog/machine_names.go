package prog

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/machine"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// machineNames are the names of what machine code refers to.
type machineNames struct {
	at   map[uint64]string // by address
	maps map[uint64]string // maps and what lies in them, as the instructions spell them
}

// append appends the name of what an instruction refers to, if that is known and not
// within the same function.
func (n *machineNames) append(b []byte, f *machineFunction, inst *machine.Inst) []byte {
	if !f.refers(inst.Ref) {
		return b
	}
	v := inst.Ref.Value
	name, ok := n.at[v]
	if !ok && inst.Ref.Kind == machine.Const {
		name, ok = n.maps[v]
	}
	if !ok {
		return b
	}
	return append(append(append(b, " <"...), name...), '>')
}

// machineNames finds names for what functions refer to.
func (c *code) machineNames(functions []machineFunction) *machineNames {
	n := &machineNames{at: make(map[uint64]string)}
	for _, f := range functions {
		if f.addr != 0 {
			n.at[f.addr] = f.symbol
		}
	}
	addrs := make(map[uint64]bool)
	for i := range functions {
		f := &functions[i]
		for _, inst := range f.insts {
			if _, known := n.at[inst.Ref.Value]; !known && f.refers(inst.Ref) && !isData(inst.Ref) {
				addrs[inst.Ref.Value] = true
			}
		}
	}
	symbols, _ := kallsyms.Lookup(addrs) // names are no reason to fail
	for addr, s := range symbols {
		n.at[addr] = s.Name
	}
	n.namePerCPU(functions, symbols)
	if insns, err := bytecode.Decode(c.Xlated, binary.NativeEndian); err == nil {
		n.nameMaps(c, insns, functions)
	}
	return n
}

// refers reports whether a reference is to something outside of the function.
func (f *machineFunction) refers(r machine.Ref) bool {
	return r.Kind != machine.NoRef && (r.Kind != machine.Jump || r.Value-f.addr >= uint64(len(f.code)))
}

// Where the data of the kernel are: in the upper half of the addresses, wherever in it
// an architecture and the depth of its page tables put them, and below what is within
// reach of 32 bits with a sign, such as the kernel's own image. On s390x they are
// anywhere.
const (
	lowestData  = 1 << 63
	highestData = 0xffffffff80000000
)

// isData reports whether a number that is loaded may be an address of data of the
// kernel, such as a map.
func isData(r machine.Ref) bool {
	return r.Kind == machine.Const && r.Value >= lowestData && r.Value < highestData
}

// selfOffset is the per-CPU variable by which the address of a variable becomes that of
// the processor's own copy. On x86, programs use no other one directly.
const (
	selfOffset    = "this_cpu_off"
	addSelfOffset = "addq\t%gs:"
)

// namePerCPU names the variables that each processor has for itself. Kernels without
// CONFIG_KALLSYMS_ALL do not tell where they are; but their types do, for all of them
// once one is known.
func (n *machineNames) namePerCPU(functions []machineFunction, symbols map[uint64]kallsyms.Symbol) {
	var self uint64
	unknown := false
	for _, f := range functions {
		for _, inst := range f.insts {
			if inst.Ref.Kind != machine.PerCPU {
				continue
			}
			if _, ok := symbols[inst.Ref.Value]; !ok {
				unknown = true
			}
			if strings.HasPrefix(inst.Text, addSelfOffset) {
				self = inst.Ref.Value
			}
		}
	}
	if self == 0 || !unknown {
		return
	}
	n.at[self] = selfOffset
	types, err := pick.ReadKernelBTF(0)
	if err != nil {
		return // names are no reason to fail
	}
	for name, off := range perCPUVariables(types) {
		n.perCPU(self+off, name)
	}
}

func (n *machineNames) perCPU(addr uint64, name string) {
	if _, ok := n.at[addr]; !ok {
		n.at[addr] = name
	}
}

// perCPUSection is where the types of a kernel have its per-CPU variables.
const perCPUSection = ".data..percpu"

// perCPUVariables returns how many bytes variables lie behind selfOffset.
func perCPUVariables(types *btf.Spec) map[string]uint64 {
	section, ok := types.Section(perCPUSection)
	if !ok {
		return nil
	}
	offsets := make(map[string]uint64, section.Len())
	for i := range section.Len() {
		v := section.Variable(i)
		if t, err := types.Type(v.Type); err == nil {
			offsets[t.Name] = uint64(v.Offset)
		}
	}
	self, ok := offsets[selfOffset]
	if !ok {
		return nil
	}
	for name := range offsets {
		offsets[name] -= self
	}
	return offsets
}

// nameMaps names the addresses of maps. The kernel does not tell them, but its
// compilers keep the order of the instructions: the addresses that a function loads are
// those of the maps that its instructions name. Where there are more or fewer, or where
// the same map had two addresses or the other way round, none is named: a wrong name is worse.
func (n *machineNames) nameMaps(c *code, insns []bytecode.Insn, functions []machineFunction) {
	starts := functionSlots(c, insns)
	if len(starts) != len(functions) {
		return
	}
	spell := &symbols{}
	found := make(map[uint64]string)
	addr := make(map[string]uint64)
	for i := range functions {
		end := len(insns)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		loads, known := mapLoads(insns, starts[i], end)
		values := kernelAddresses(functions[i].insts, known)
		if len(values) != len(loads) {
			continue
		}
		for j, at := range loads {
			name := string(spell.AppendLoad(nil, insns, at))
			if cmp.Or(addr[name], values[j]) != values[j] || cmp.Or(found[values[j]], name) != name {
				return
			}
			addr[name], found[values[j]] = values[j], name
		}
	}
	n.maps = found
}

// functionSlots returns where the functions of the program start, in order; nil if that
// cannot be told.
func functionSlots(c *code, insns []bytecode.Insn) []int {
	if len(c.Funcs) == 0 && len(insns) > math.MaxInt16 {
		return nil // calls do not tell how far they go if that is more than 16 bits have
	}
	starts := []int{0}
	add := func(slot int) {
		if slot > 0 && slot < len(insns) {
			starts = append(starts, slot)
		}
	}
	for _, f := range c.Funcs {
		add(int(f.Slot))
	}
	l := listing{insns: insns}
	for at := 0; at < len(insns) && len(c.Funcs) == 0; at += bytecode.Slots(insns, at) {
		if slot, ok := l.refers(at); ok {
			add(slot)
		}
	}
	slices.Sort(starts)
	return slices.Compact(starts)
}

// mapLoads returns the wide loads of a function that are of maps, and the numbers
// that the others load.
func mapLoads(insns []bytecode.Insn, start, end int) (loads []int, known map[uint64]bool) {
	known = make(map[uint64]bool)
	for at := start; at < end; at += bytecode.Slots(insns, at) {
		switch in := insns[at]; {
		case !in.Wide():
		case in.Src == bytecode.LoadMap, in.Src == bytecode.LoadValue:
			loads = append(loads, at)
		default:
			known[bytecode.Long(insns, at)] = true
		}
	}
	return loads, known
}

// kernelAddresses returns the numbers that a function loads and that may be addresses
// of data of the kernel, but for those that are known to be none, and those that it calls.
func kernelAddresses(insts []machine.Inst, known map[uint64]bool) (values []uint64) {
	for _, inst := range insts {
		if inst.Ref.Kind == machine.Call || inst.Ref.Kind == machine.Jump {
			known[inst.Ref.Value] = true
		}
	}
	for _, inst := range insts {
		if isData(inst.Ref) && !known[inst.Ref.Value] {
			values = append(values, inst.Ref.Value)
		}
	}
	return values
}
