package core

import (
	"encoding/binary"

	"github.com/gobpftool/gobpftool/internal/bytecode"
)

// A trace says what a register or a place of the stack has to do with a field: nothing, or
// its offset, its address, or what was read there.
type trace struct {
	field *Result
	what  tracing
}

type tracing uint8

const (
	noTrace tracing = iota
	offsetOf
	addressOf
	contentOf
)

// The helpers by which programs read memory of the kernel: probe_read and
// probe_read_kernel.
const (
	probeRead       = 4
	probeReadKernel = 113
)

// A tracer follows fields through the instructions of a function: where the pointer in one
// of them leads to the next one, both are one access in the source.
type tracer struct {
	regs  [16]trace
	stack map[int64]trace
	frame [16]int64 // distance from the frame pointer, of registers that have an address there; 1 if they have none
	at    map[int]*Result
}

// chain completes the paths of fields that were come to by other fields. It goes through
// the code once, from top to bottom: what it misses at jumps is only the start of a path.
func chain(code []byte, order binary.ByteOrder, results []Result) {
	list, err := bytecode.Decode(code, order)
	if err != nil {
		return
	}
	t := tracer{stack: make(map[int64]trace), at: make(map[int]*Result)}
	for i := range results {
		if r := &results[i]; r.Kind == byteOffset && r.Path != "" {
			t.at[r.Insn] = r
		}
	}
	t.clear()
	heads := make(map[int]bool) // where jumps lead to
	for i := 0; i < len(list); i += bytecode.Slots(list, i) {
		if to, ok := bytecode.Target(list, i); ok {
			heads[to] = true
		}
	}
	for i := 0; i < len(list); i += bytecode.Slots(list, i) {
		if heads[i] {
			t.clear()
		}
		t.step(list[i], t.at[i])
	}
}

// clear forgets everything.
func (t *tracer) clear() {
	t.regs = [16]trace{}
	clear(t.stack)
	for i := range t.frame {
		t.frame[i] = 1
	}
	t.frame[framePointer] = 0
}

// step does what an instruction does. field is the field of its relocation, or nil.
func (t *tracer) step(in bytecode.Insn, field *Result) {
	switch in.Code & classMask {
	case classALU64:
		t.compute(in, field)
	case classLDX:
		t.load(in, field)
	case classLD:
		t.set(in.Dst, offset(field))
	case classALU:
		t.set(in.Dst, offset(field))
	case classSTX:
		if at := t.frame[in.Dst]; at <= 0 && in.Code&sizeMask == size8 {
			t.stack[at+int64(in.Off)] = t.regs[in.Src]
		}
	case classST:
		if at := t.frame[in.Dst]; at <= 0 {
			delete(t.stack, at+int64(in.Off))
		}
	default:
		if in.IsCall() {
			t.call(in)
		}
	}
}

func offset(field *Result) trace {
	if field == nil {
		return trace{}
	}
	return trace{field, offsetOf}
}

func (t *tracer) set(r uint8, v trace) { t.regs[r], t.frame[r] = v, 1 }

func (t *tracer) compute(in bytecode.Insn, field *Result) {
	register := in.Code&registerBit != 0
	a, b := t.regs[in.Dst], t.regs[in.Src]
	switch op := in.Code & opMask; {
	case op == opMov && register && in.Off == 0:
		t.regs[in.Dst], t.frame[in.Dst] = b, t.frame[in.Src]
	case op == opAdd && register && b.what == offsetOf:
		t.extend(b.field, a)
		t.set(in.Dst, trace{b.field, addressOf})
	case op == opAdd && register && a.what == offsetOf:
		t.extend(a.field, b)
		t.set(in.Dst, trace{a.field, addressOf})
	case op == opAdd && !register && field != nil:
		t.extend(field, a)
		t.set(in.Dst, trace{field, addressOf})
	case op == opAdd && !register && t.frame[in.Dst] <= 0:
		t.frame[in.Dst] += int64(in.Imm)
	default:
		t.set(in.Dst, offset(field))
	}
}

// extend notes that a field was come to by what a register has.
func (t *tracer) extend(field *Result, by trace) {
	if by.what == contentOf && field.before == nil && by.field != field {
		field.before = by.field
	}
}

func (t *tracer) load(in bytecode.Insn, field *Result) {
	from := t.regs[in.Src]
	switch {
	case field != nil:
		t.extend(field, from)
		t.set(in.Dst, trace{field, contentOf})
	case t.frame[in.Src] <= 0:
		t.set(in.Dst, t.stack[t.frame[in.Src]+int64(in.Off)])
	case from.what == addressOf && in.Off == 0:
		t.set(in.Dst, trace{from.field, contentOf})
	default:
		t.set(in.Dst, trace{})
	}
}

// call does what a call does: some helpers copy a field to the stack.
func (t *tracer) call(in bytecode.Insn) {
	reads := in.Src == 0 && (in.Imm == probeRead || in.Imm == probeReadKernel)
	if at := t.frame[1]; reads && at <= 0 {
		delete(t.stack, at)
		if from := t.regs[3]; from.what == addressOf {
			t.stack[at] = trace{from.field, contentOf}
		}
	}
	for r := range uint8(6) {
		t.set(r, trace{})
	}
}
