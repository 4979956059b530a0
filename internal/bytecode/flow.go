package bytecode

import "slices"

// A Function is a part of a program that is called, or where it starts.
type Function struct {
	// Number counts functions in the order in which calls of them are met: 0 is
	// where the program starts.
	Number     int
	Start, End int // slots, the last one excluded
	Blocks     []Block
}

// A Block is a run of instructions that nothing jumps into or out of.
type Block struct {
	Start, End int // slots, the last one excluded
	Last       int // the slot of the last instruction
	Ends       Ending

	// Next and Jump are the blocks of the same function that may follow, -1 if
	// there is none: the one behind it, and the one that it jumps to.
	Next, Jump int
}

// An Ending says how a block ends.
type Ending uint8

// How blocks end.
const (
	Falls    Ending = iota // with an instruction like others: the next one is jumped to
	Jumps                  // with a jump
	Branches               // with a jump on a condition
	Exits                  // with the end of the function
	Gone                   // with a jump to where a register says, which is not known
)

// Flow returns the functions of a program in order of their place, and the blocks
// that they are made of.
//
// callee returns the slot at which the function starts that instruction at calls, if
// it is one of the program. entries are where functions start beside those that are
// called; what is no slot of the program is ignored.
func Flow(list []Insn, callee func(at int) (slot int, ok bool), entries ...int) []Function {
	if len(list) == 0 {
		return nil
	}
	numbers := map[int]int{0: 0}
	add := func(slot int) {
		if _, known := numbers[slot]; !known && slot > 0 && slot < len(list) {
			numbers[slot] = len(numbers)
		}
	}
	for at := 0; at < len(list); at += Slots(list, at) {
		if slot, ok := callee(at); ok {
			add(slot)
		}
	}
	for _, slot := range entries {
		add(slot)
	}
	var functions []Function
	for slot, number := range numbers {
		functions = append(functions, Function{Number: number, Start: slot})
	}
	slices.SortFunc(functions, func(a, b Function) int { return a.Start - b.Start })
	for i := range functions {
		f := &functions[i]
		f.End = len(list)
		if i+1 < len(functions) {
			f.End = functions[i+1].Start
		}
		f.divide(list)
	}
	return functions
}

// Target returns the slot that instruction at jumps to, if it jumps to a known one.
func Target(list []Insn, at int) (slot int, ok bool) {
	switch in := list[at]; in.ending() {
	case Jumps, Branches:
		if in.Code == codeJumpLong {
			return at + 1 + int(in.Imm), true
		}
		return at + 1 + int(in.Off), true
	}
	return 0, false
}

// ending returns how a block ends whose last instruction this is.
func (in Insn) ending() Ending {
	switch {
	case in.Code == codeExit:
		return Exits
	case in.Code == codeJumpRegister:
		return Gone
	case !in.jumps(), in.op() == opCall, in.op() == opExit:
		return Falls
	case in.op() == opJA:
		return Jumps
	}
	return Branches
}

// divide finds the blocks of a function.
func (f *Function) divide(list []Insn) {
	heads := make([]bool, f.End-f.Start+1) // by slot; one for the end
	heads[0], heads[len(heads)-1] = true, true
	for at := f.Start; at < f.End; at += Slots(list, at) {
		if list[at].ending() != Falls {
			heads[at+1-f.Start] = true
		}
		if slot, ok := Target(list, at); ok && slot >= f.Start && slot < f.End {
			heads[slot-f.Start] = true
		}
	}
	number := make([]int, len(heads)) // of the block that starts in a slot
	for at := f.Start; at < f.End; {
		b := Block{Start: at}
		for more := true; more; more = at < f.End && !heads[at-f.Start] {
			b.Last = at
			at += Slots(list, at)
		}
		b.End, b.Ends = min(at, f.End), list[b.Last].ending()
		number[b.Start-f.Start] = len(f.Blocks)
		f.Blocks = append(f.Blocks, b)
	}
	for i := range f.Blocks {
		f.connect(i, list, number)
	}
}

// connect finds the blocks that may follow block i. number has the block that starts
// in a slot of the function.
func (f *Function) connect(i int, list []Insn, number []int) {
	b := &f.Blocks[i]
	b.Next, b.Jump = -1, -1
	if (b.Ends == Falls || b.Ends == Branches) && i+1 < len(f.Blocks) {
		b.Next = i + 1
	}
	slot, ok := Target(list, b.Last)
	if !ok || slot < f.Start || slot >= f.End {
		return
	}
	// A jump into the middle of a wide load leads nowhere.
	if n := number[slot-f.Start]; f.Blocks[n].Start == slot {
		b.Jump = n
	}
}
