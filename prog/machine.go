package prog

import (
	"bufio"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/machine"
	"github.com/gobpftool/gobpftool/internal/machine/host"
	"github.com/gobpftool/gobpftool/internal/render"
)

// machineCode is the compiled functions of a program.
type machineCode struct {
	functions []machineFunction
	names     *machineNames
	style
}

// A machineFunction is the machine code of one function.
type machineFunction struct {
	signature string // empty if it cannot be spelled
	symbol    string
	named     bool // the kernel tells functions apart: always but before Linux 4.18
	addr      uint64
	code      []byte
	lines     []line // their slots are offsets in the code
	insts     []machine.Inst
}

// machineCode returns the machine code of the program.
func (c *code) machineCode(s style) (render.Fact, error) {
	if _, err := c.jited(); err != nil {
		return nil, err
	}
	arch, err := hostArch()
	if err != nil {
		return nil, err
	}
	m := &machineCode{functions: c.machineFunctions(), style: s}
	for i := range m.functions {
		f := &m.functions[i]
		f.insts = arch.All(f.code, f.addr, f.starts())
	}
	m.names = c.machineNames(m.functions)
	return m, nil
}

// starts returns offsets at which instructions start.
func (f *machineFunction) starts() []int {
	list := make([]int, len(f.lines))
	for i, l := range f.lines {
		list[i] = int(l.slot)
	}
	return list
}

// hostArch returns the architecture of this machine.
func hostArch() (*machine.Arch, error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return nil, fmt.Errorf("architecture of this machine: %w", err)
	}
	return archNamed(unix.ByteSliceToString(u.Machine[:]))
}

// archNamed returns the architecture of kernels that have this name of machines.
func archNamed(name string) (*machine.Arch, error) {
	arch, ok := host.Named(name)
	if !ok {
		return nil, fmt.Errorf("machine code of '%s' cannot be read; 'file' writes it as it is", name)
	}
	return arch, nil
}

// machineFunctions divides the machine code among the functions.
func (c *code) machineFunctions() []machineFunction {
	if len(c.FuncLens) == 0 {
		return []machineFunction{{code: c.Jited, addr: c.functionAddr(0)}}
	}
	signatures := c.functions()
	list := make([]machineFunction, len(c.FuncLens))
	rest := c.Jited
	for i, n := range c.FuncLens {
		f := machineFunction{named: true, symbol: c.symbol(i), addr: c.functionAddr(i), code: rest[:min(int(n), len(rest))]}
		rest = rest[len(f.code):]
		if i < len(signatures) {
			f.signature = signatures[i].signature
		}
		f.lines = c.linesWithin(f.addr, len(f.code))
		list[i] = f
	}
	return list
}

// functionAddr returns where function i lies, or 0 if that may not be seen.
func (c *code) functionAddr(i int) uint64 {
	if i >= len(c.Ksyms) {
		return 0
	}
	return c.Ksyms[i]
}

// symbol returns what the kernel calls function i among its own: the name that
// /proc/kallsyms has, if it may be seen there.
//
// Source: bpf_prog_ksym_set_name in kernel/bpf/core.c.
func (c *code) symbol(i int) string {
	if len(c.Ksyms) == 0 {
		return "unknown"
	}
	tag, name := c.info.Tag, c.info.Name()
	if i > 0 {
		name = "F" // what the verifier calls functions without BTF
	}
	if i > 0 && i < len(c.Tags) {
		tag = c.Tags[i]
	}
	if c.types != nil && i < len(c.Funcs) {
		if t, err := c.types.Type(btf.ID(c.Funcs[i].Type)); err == nil {
			name = t.Name
		}
	}
	if name == "" {
		return fmt.Sprintf("bpf_prog_%x", tag)
	}
	return fmt.Sprintf("bpf_prog_%x_%s", tag, name)
}

// linesWithin returns the lines whose machine code lies within a function.
func (c *code) linesWithin(addr uint64, size int) []line {
	if c.types == nil {
		return nil
	}
	within := func(at uint64) bool { return at >= addr && at-addr < uint64(size) }
	n := 0
	for _, at := range c.JitedLines {
		if within(at) {
			n++
		}
	}
	list := make([]line, 0, n) // they may be very many
	for i, at := range c.JitedLines {
		if within(at) {
			list = append(list, c.line(c.Lines[i], uint32(at-addr)))
		}
	}
	return list
}

// each calls f for all instructions of a function, with the line that is to be shown.
func (f *machineFunction) each(visit func(off int, inst *machine.Inst, src *line)) {
	lines, off := lineCursor{lines: f.lines}, 0
	for i := range f.insts {
		inst := &f.insts[i]
		visit(off, inst, lines.at(off))
		off += inst.Len
	}
}

// Plain implements [render.Fact].
func (m *machineCode) Plain(w *bufio.Writer) {
	var b []byte
	for i := range m.functions {
		f := &m.functions[i]
		if f.signature != "" {
			fmt.Fprintf(w, "%s:\n", f.signature)
		}
		if f.named {
			fmt.Fprintf(w, "%s:\n", f.symbol)
		}
		f.each(func(off int, inst *machine.Inst, src *line) {
			b = b[:0]
			if src != nil {
				b = append(src.appendPlain(append(b, "; "...), m.linum), '\n')
			}
			b = append(appendHexPadded(b, off), ":\t"...)
			b = append(b, inst.Text...)
			b = append(m.names.append(b, f, inst), '\n')
			if m.opcodes {
				b = append(appendBytes(append(b, '\t'), f.code[off:][:inst.Len]), " \n"...)
			}
			w.Write(b)
		})
		if f.named {
			fmt.Fprintln(w)
		}
	}
}

// appendHexPadded appends a hexadecimal number in four columns.
func appendHexPadded(b []byte, n int) []byte {
	for limit := 1 << 12; limit > 1 && n < limit; limit >>= 4 {
		b = append(b, ' ')
	}
	return strconv.AppendInt(b, int64(n), 16)
}

// AppendJSON implements [render.Appender].
func (m *machineCode) AppendJSON(b []byte) []byte {
	m.StreamJSON(func(piece []byte) { b = append(b, piece...) })
	return b
}

// StreamJSON implements [render.Streamer].
func (m *machineCode) StreamJSON(emit func(piece []byte)) {
	b := []byte{'['}
	for i := range m.functions {
		f := &m.functions[i]
		if i > 0 {
			b = append(b, ',')
		}
		if f.named {
			b = append(b, '{')
			if f.signature != "" {
				b = append(render.AppendString(append(b, `"proto":`...), f.signature), ',')
			}
			b = append(render.AppendString(append(b, `"name":`...), f.symbol), `,"insns":[`...)
		}
		f.each(func(off int, inst *machine.Inst, src *line) {
			if off > 0 {
				b = append(b, ',')
			}
			b = m.appendInst(b, f, off, inst, src)
			if len(b) > pieceLen {
				emit(b)
				b = b[:0]
			}
		})
		if f.named {
			b = append(b, "]}"...)
		}
	}
	emit(append(b, ']'))
}

// appendInst appends what is known about one instruction.
func (m *machineCode) appendInst(b []byte, f *machineFunction, off int, inst *machine.Inst, src *line) []byte {
	b = append(b, '{')
	if src != nil {
		b = src.appendJSON(b, m.linum)
	}
	b = strconv.AppendInt(append(b, `"pc":"0x`...), int64(off), 16)
	b = render.AppendString(append(b, `","operation":`...), inst.Operation())
	b = append(b, `,"operands":[`...)
	operands := inst.Operands()
	for i, operand := range operands {
		if i > 0 {
			b = append(b, ',')
		}
		b = render.AppendString(b, operand)
	}
	if len(operands) == 0 {
		b = append(b, "null"...)
	}
	b = append(b, ']')
	if m.opcodes {
		b = render.AppendHexList(append(b, `,"opcodes":`...), f.code[off:][:inst.Len])
	}
	return append(b, '}')
}
