package prog

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A listing is the instructions of a program, with what is known about each.
type listing struct {
	code  []byte // as it is in memory or in a file
	insns []bytecode.Insn
	names bytecode.Namer
	funcs []function // in order of slots
	lines []line     // in order of slots
	needs []need     // in order of slots
	style

	// linked says that the numbers of calls are how far they go, as linkers put it.
	// The kernel puts that into the offset, and the function's number in its place.
	linked bool
}

// A style says what is shown beside the text of instructions.
type style struct {
	opcodes bool // their bytes
	linum   bool // where lines of source come from
}

// A function is where one starts.
type function struct {
	slot      uint32
	signature string // empty if it cannot be spelled
}

// A line is a line of source.
type line struct {
	slot        uint32 // the first instruction that comes of it
	known       bool   // its text is
	file, text  string
	num, column uint32
}

// A need is what an instruction needs to know of a type of the kernel that it is to run on.
type need struct {
	slot   int
	kind   string
	typ    string // as it is spelled in C
	access string // which member or value: numbers with colons between them
}

func (n need) String() string { return fmt.Sprintf("CO-RE: %s of %s, %s", n.kind, n.typ, n.access) }

// needsAt returns what the instruction at slot needs to know.
func (l *listing) needsAt(slot int) []need {
	at := func(n int) int { return sort.Search(len(l.needs), func(i int) bool { return l.needs[i].slot >= n }) }
	return l.needs[at(slot):at(slot+1)]
}

// trimmed returns the text of a line without the blanks that it starts with.
func trimmed(text string) string { return strings.TrimLeft(text, " \t\n\v\f\r") }

// lineCursor finds the lines of instructions one after the other.
type lineCursor struct {
	lines []line
	used  int // lines that were shown
	last  int // the newest line that has begun
}

// at returns the line to be shown before the instruction at slot, or nil.
//
// An instruction has the newest line that has begun. But one line is shown for each
// line that has begun, no more: where a line begins without an instruction
// of its own, the one after it is shown twice. That is how bpftool does it.
func (c *lineCursor) at(slot int) *line {
	if c.used >= len(c.lines) || int(c.lines[c.used].slot) > slot {
		return nil
	}
	c.last = max(c.last, c.used)
	for c.last+1 < len(c.lines) && int(c.lines[c.last+1].slot) <= slot {
		c.last++
	}
	c.used++
	if l := &c.lines[c.last]; l.known {
		return l
	}
	return nil
}

// bytes returns the code of the instruction at slot.
func (l *listing) bytes(slot int) []byte {
	return l.code[slot*bytecode.Size:][:bytecode.Slots(l.insns, slot)*bytecode.Size]
}

// callee returns the slot at which the function starts that the instruction at slot
// calls, if it is one of the program.
func (l *listing) callee(slot int) (start int, ok bool) {
	in := l.insns[slot]
	switch {
	case !in.IsCall() || in.Src != bytecode.CallFunc:
		return 0, false
	case l.linked:
		return slot + 1 + int(in.Imm), true
	}
	return slot + 1 + int(in.Off), true
}

// refers returns the slot at which the function starts that the instruction at slot
// calls, or the address of which it loads.
func (l *listing) refers(slot int) (start int, ok bool) {
	if in := l.insns[slot]; in.Wide() && in.Src == bytecode.LoadFunc {
		return slot + 1 + int(in.Imm), true
	}
	return l.callee(slot)
}

// An insnRow is what is shown about one instruction.
type insnRow struct {
	slot      int
	signature string // of the function that starts here, or ""
	src       *line  // or nil
	needs     []need
}

// each calls f for all instructions.
func (l *listing) each(f func(insnRow)) {
	lines, funcs, needs := lineCursor{lines: l.lines}, l.funcs, l.needs
	for slot := 0; slot < len(l.insns); slot += bytecode.Slots(l.insns, slot) {
		signature := ""
		for len(funcs) > 0 && int(funcs[0].slot) <= slot {
			if int(funcs[0].slot) == slot {
				signature = funcs[0].signature
			}
			funcs = funcs[1:]
		}
		n := 0
		for n < len(needs) && needs[n].slot <= slot {
			n++
		}
		f(insnRow{slot, signature, lines.at(slot), needs[:n]})
		needs = needs[n:]
	}
}

// Plain implements [render.Fact].
func (l *listing) Plain(w *bufio.Writer) {
	var b []byte
	l.each(func(r insnRow) {
		b = b[:0]
		if r.signature != "" {
			b = append(append(b, r.signature...), ":\n"...)
		}
		if r.src != nil {
			b = append(r.src.appendPlain(append(b, "; "...), l.linum), '\n')
		}
		for _, n := range r.needs {
			b = fmt.Appendf(b, "; %s\n", n)
		}
		b = append(appendPadded(b, r.slot), ": "...)
		b = append(bytecode.Append(b, l.insns, r.slot, l.names), '\n')
		if l.opcodes {
			b = append(appendBytes(append(b, "       "...), l.bytes(r.slot)), '\n')
		}
		w.Write(b)
	})
}

// appendPlain appends the text of a line, and with linum where it comes from.
func (s *line) appendPlain(b []byte, linum bool) []byte {
	b = append(b, trimmed(s.text)...)
	if linum {
		b = fmt.Appendf(b, " [file:%s line_num:%d line_col:%d]", s.file, s.num, s.column)
	}
	return b
}

// appendBytes appends the bytes of an instruction.
func appendBytes(b, code []byte) []byte {
	for i := range code {
		if i > 0 {
			b = append(b, ' ')
		}
		b = hex.AppendEncode(b, code[i:i+1])
	}
	return b
}

// appendPadded appends a number in four columns.
func appendPadded(b []byte, n int) []byte {
	for limit := 1000; limit > 1 && n < limit; limit /= 10 {
		b = append(b, ' ')
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// pieceLen is how much JSON is kept in memory, in bytes.
const pieceLen = 1 << 16

// AppendJSON implements [render.Appender].
func (l *listing) AppendJSON(b []byte) []byte {
	l.StreamJSON(func(piece []byte) { b = append(b, piece...) })
	return b
}

// StreamJSON implements [render.Streamer].
func (l *listing) StreamJSON(emit func(piece []byte)) {
	b := []byte{'['}
	first := true
	l.each(func(r insnRow) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = l.appendInsn(b, r)
		if len(b) > pieceLen {
			emit(b)
			b = b[:0]
		}
	})
	emit(append(b, ']'))
}

// appendInsn appends what is known about one instruction.
func (l *listing) appendInsn(b []byte, r insnRow) []byte {
	b = append(b, '{')
	if r.signature != "" {
		b = append(render.AppendString(append(b, `"proto":`...), r.signature), ',')
	}
	if r.src != nil {
		b = r.src.appendJSON(b, l.linum)
	}
	b = append(b, `"disasm":`...)
	b = render.AppendString(b, string(bytecode.Append(nil, l.insns, r.slot, l.names)))
	if l.opcodes {
		b = appendOpcodes(append(b, `,"opcodes":`...), l.insns[r.slot], l.bytes(r.slot))
	}
	for i, n := range r.needs {
		b = n.appendJSON(b, i == 0)
	}
	if len(r.needs) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendJSON appends an element of the list of needs, which begins with the first one.
func (n *need) appendJSON(b []byte, first bool) []byte {
	if first {
		b = append(b, `,"core":[`...)
	} else {
		b = append(b, ',')
	}
	b = render.AppendString(append(b, `{"kind":`...), n.kind)
	b = render.AppendString(append(b, `,"type":`...), n.typ)
	b = render.AppendString(append(b, `,"access":`...), n.access)
	return append(b, '}')
}

// appendJSON appends the members that tell about a line, and a comma.
func (s *line) appendJSON(b []byte, linum bool) []byte {
	b = append(render.AppendString(append(b, `"src":`...), trimmed(s.text)), ',')
	if !linum {
		return b
	}
	b = append(render.AppendString(append(b, `"file":`...), s.file), ',')
	if s.num != 0 {
		b = append(strconv.AppendUint(append(b, `"line_num":`...), uint64(s.num), 10), ',')
	}
	if s.column != 0 {
		b = append(strconv.AppendUint(append(b, `"line_col":`...), uint64(s.column), 10), ',')
	}
	return b
}

// appendOpcodes appends the parts of an instruction as they lie in memory.
func appendOpcodes(b []byte, in bytecode.Insn, code []byte) []byte {
	b = fmt.Appendf(b, `{"code":"0x%02x","src_reg":"0x%x","dst_reg":"0x%x","off":`, in.Code, in.Src, in.Dst)
	b = render.AppendHexList(b, code[2:4])
	b = render.AppendHexList(append(b, `,"imm":`...), code[4:])
	return append(b, '}')
}
