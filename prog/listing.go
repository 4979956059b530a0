package prog

import (
	"bufio"
	"encoding/hex"
	"fmt"
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
	style
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

// each calls f for all instructions, with the signature of the function that starts
// there, and the line that is to be shown.
func (l *listing) each(f func(slot int, signature string, src *line)) {
	lines, funcs := lineCursor{lines: l.lines}, l.funcs
	for slot := 0; slot < len(l.insns); slot += bytecode.Slots(l.insns, slot) {
		signature := ""
		for len(funcs) > 0 && int(funcs[0].slot) <= slot {
			if int(funcs[0].slot) == slot {
				signature = funcs[0].signature
			}
			funcs = funcs[1:]
		}
		f(slot, signature, lines.at(slot))
	}
}

// Plain implements [render.Fact].
func (l *listing) Plain(w *bufio.Writer) {
	var b []byte
	l.each(func(slot int, signature string, src *line) {
		b = b[:0]
		if signature != "" {
			b = append(append(b, signature...), ":\n"...)
		}
		if src != nil {
			b = append(src.appendPlain(append(b, "; "...), l.linum), '\n')
		}
		b = append(appendPadded(b, slot), ": "...)
		b = append(bytecode.Append(b, l.insns, slot, l.names), '\n')
		if l.opcodes {
			b = append(appendBytes(append(b, "       "...), l.bytes(slot)), '\n')
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
	l.each(func(slot int, signature string, src *line) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = l.appendInsn(b, slot, signature, src)
		if len(b) > pieceLen {
			emit(b)
			b = b[:0]
		}
	})
	emit(append(b, ']'))
}

// appendInsn appends what is known about one instruction.
func (l *listing) appendInsn(b []byte, slot int, signature string, src *line) []byte {
	b = append(b, '{')
	if signature != "" {
		b = append(render.AppendString(append(b, `"proto":`...), signature), ',')
	}
	if src != nil {
		b = src.appendJSON(b, l.linum)
	}
	b = append(b, `"disasm":`...)
	b = render.AppendString(b, string(bytecode.Append(nil, l.insns, slot, l.names)))
	if l.opcodes {
		b = appendOpcodes(append(b, `,"opcodes":`...), l.insns[slot], l.bytes(slot))
	}
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
