package core

import (
	"encoding/binary"
	"maps"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// reach tells for each slot of a program whether it may come there. It does not if a
// condition in front is about numbers that are known, such as whether the kernel has a
// field.
//
// It is less than the verifier knows: nothing of what maps have, not even of constants,
// since whoever loads the object may still change them.
func reach(linked []elfobj.Placed, order binary.ByteOrder) []bool {
	last := linked[len(linked)-1]
	reached := make([]bool, last.Start+len(last.Code)/bytecode.Size)
	number := make(map[*elfobj.Func]int)
	for i, p := range linked {
		number[p.Func] = i
	}
	queued := make([]bool, len(linked))
	queued[0] = true
	for todo := []int{0}; len(todo) > 0; {
		p := linked[todo[0]]
		todo = todo[1:]
		here := reached[p.Start:][:len(p.Code)/bytecode.Size]
		walk(p.Code, order, here)
		for _, r := range p.Relocs {
			if n, ok := number[r.Func]; ok && here[r.Insn] && !queued[n] {
				queued[n] = true
				todo = append(todo, n)
			}
		}
	}
	return reached
}

// A walker follows the instructions of a function with the numbers that are known.
type walker struct {
	list    []bytecode.Insn
	blocks  []bytecode.Block
	states  []*state // at the start of each block, nil if nothing comes there
	leaky   bool     // others may write to the stack of the function
	todo    []int    // blocks
	waiting []bool   // by block
}

// A state is what is known at some place of a function.
type state struct {
	regs  [16]number       // there are eleven, but an instruction has four bits for one
	stack map[int16]uint64 // 8 bytes each, by distance from the frame pointer
}

const framePointer = 10

// What a walk remembers is bounded: no program that a kernel takes has so many blocks.
const (
	maxBlocks = 1 << 16
	maxStack  = 16
)

// walk marks the slots of a function that it may come to.
func walk(code []byte, order binary.ByteOrder, reached []bool) {
	list, err := bytecode.Decode(code, order)
	var w walker
	if err == nil {
		w = walker{list: list, blocks: bytecode.Flow(list, func(int) (int, bool) { return 0, false })[0].Blocks}
	}
	if err != nil || len(w.blocks) > maxBlocks {
		for i := range reached {
			reached[i] = true
		}
		return
	}
	w.states = make([]*state, len(w.blocks))
	w.waiting = make([]bool, len(w.blocks))
	w.leaky = leaks(list)
	w.enter(0, &state{})
	for len(w.todo) > 0 {
		n := w.todo[0]
		w.todo = w.todo[1:]
		w.waiting[n] = false
		w.block(n)
	}
	for n, b := range w.blocks {
		if w.states[n] != nil {
			for slot := b.Start; slot < b.End; slot++ {
				reached[slot] = true
			}
		}
	}
}

// leaks reports whether the address of the stack is used for anything but loads and stores,
// so that it may be anywhere.
func leaks(list []bytecode.Insn) bool {
	for i := 0; i < len(list); i += bytecode.Slots(list, i) {
		in := list[i]
		switch in.Code & classMask {
		case classLDX, classST:
		case classSTX:
			if in.Src == framePointer || in.Code&modeMask == modeAtomic {
				return true
			}
		default:
			if in.Src == framePointer || in.Dst == framePointer {
				return true
			}
		}
	}
	return false
}

// enter notes that a block may be come to with a state.
func (w *walker) enter(n int, s *state) {
	if n < 0 {
		return
	}
	if old := w.states[n]; old == nil {
		w.states[n] = &state{s.regs, maps.Clone(s.stack)}
	} else if !old.join(s) {
		return
	}
	if !w.waiting[n] {
		w.waiting[n] = true
		w.todo = append(w.todo, n)
	}
}

// join forgets what is not known in another state, too, and reports whether there was
// anything.
func (s *state) join(other *state) (changed bool) {
	for i, v := range s.regs {
		if v.known && v != other.regs[i] {
			s.regs[i], changed = number{}, true
		}
	}
	for at, n := range s.stack {
		if m, ok := other.stack[at]; !ok || m != n {
			delete(s.stack, at)
			changed = true
		}
	}
	return changed
}

// block goes through a block, and on to those that may follow.
func (w *walker) block(n int) {
	b := w.blocks[n]
	s := &state{w.states[n].regs, maps.Clone(w.states[n].stack)}
	for at := b.Start; at < b.End; at += bytecode.Slots(w.list, at) {
		w.step(s, at)
	}
	switch b.Ends {
	case bytecode.Branches:
		w.branch(s, b)
	case bytecode.Gone:
		for i := range w.blocks { // which may be any
			w.enter(i, &state{})
		}
	default:
		w.enter(b.Next, s)
		w.enter(b.Jump, s)
	}
}

// branch goes on from a jump on a condition.
func (w *walker) branch(s *state, b bytecode.Block) {
	in := w.list[b.Last]
	yes, sure := jumps(in, s.regs[in.Dst], s.operand(in))
	if !sure || yes {
		w.enter(b.Jump, s)
	}
	if !sure || !yes {
		w.enter(b.Next, s)
	}
}

// operand returns the second operand of an instruction.
func (s *state) operand(in bytecode.Insn) number {
	if in.Code&registerBit != 0 {
		return s.regs[in.Src]
	}
	return known(uint64(int64(in.Imm)))
}

// step does what an instruction does.
func (w *walker) step(s *state, at int) {
	in := w.list[at]
	switch in.Code & classMask {
	case classALU, classALU64:
		s.regs[in.Dst] = compute(in, s.regs[in.Dst], s.operand(in))
	case classLD:
		w.load(s, at)
	case classLDX:
		s.regs[in.Dst] = s.read(in)
	case classST:
		w.write(s, in, known(uint64(int64(in.Imm))))
	case classSTX:
		if in.Code&modeMask == modeAtomic {
			s.stack = nil
			s.regs[in.Src], s.regs[0] = number{}, number{} // where it puts what was there
			return
		}
		w.write(s, in, s.regs[in.Src])
	default:
		if in.IsCall() {
			for r := range 6 {
				s.regs[r] = number{}
			}
			if w.leaky {
				s.stack = nil
			}
		}
	}
}

// How a load or store addresses memory, in the highest three bits of the code.
const (
	modeMask   = 0xe0
	modeMemory = 0x60
	modeAtomic = 0xc0
	size8      = 0x18
)

// load does what a wide load, or one from a packet, does.
func (w *walker) load(s *state, at int) {
	in := w.list[at]
	if in.Wide() && in.Src == 0 {
		s.regs[in.Dst] = known(bytecode.Long(w.list, at))
		return
	}
	s.regs[in.Dst] = number{}
	if !in.Wide() { // which is like a call
		for r := range 6 {
			s.regs[r] = number{}
		}
	}
}

// read returns what a load gets.
func (s *state) read(in bytecode.Insn) number {
	if in.Src != framePointer || in.Code&modeMask != modeMemory || in.Code&sizeMask != size8 {
		return number{}
	}
	n, ok := s.stack[in.Off]
	return number{ok, n}
}

// write does what a store does.
func (w *walker) write(s *state, in bytecode.Insn, v number) {
	if in.Dst != framePointer {
		if w.leaky {
			s.stack = nil
		}
		return
	}
	size := int(accessSize(in.Code))
	for at := range s.stack {
		if int(at) < int(in.Off)+size && int(in.Off) < int(at)+8 {
			delete(s.stack, at)
		}
	}
	if size == 8 && v.known && len(s.stack) < maxStack {
		if s.stack == nil {
			s.stack = make(map[int16]uint64)
		}
		s.stack[in.Off] = v.n
	}
}
