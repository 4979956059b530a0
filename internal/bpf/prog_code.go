package bpf

import (
	"encoding/binary"
	"unsafe"
)

// ProgCode is the code of a program, and what the kernel knows about it.
type ProgCode struct {
	// Xlated are the instructions after verification, in the byte order of this
	// machine. It is nil where the kernel does not show them, because they were
	// changed to confuse attackers (sysctl net.core.bpf_jit_harden).
	Xlated []byte

	// Jited is the machine code of all functions, one after the other: nil without a
	// JIT compiler, or if the caller may not see it.
	Jited []byte

	// Ksyms and FuncLens are the address and the size in bytes of the machine code of each
	// function, the main function first. They are nil if the program is not compiled
	// or the caller may not see addresses (sysctl kernel.kptr_restrict); both since
	// Linux 4.18.
	Ksyms    []uint64
	FuncLens []uint32

	// Tags are the tags of the functions, in the same order; since Linux 4.18.
	Tags [][8]byte

	Funcs []FuncInfo // by slot; nil without BTF
	Lines []LineInfo // by slot; nil without BTF

	// JitedLines are the addresses of the machine code of Lines, one for each. It is
	// nil as Ksyms is.
	JitedLines []uint64
}

// FuncInfo says where a function starts: struct bpf_func_info of
// include/uapi/linux/bpf.h.
type FuncInfo struct {
	Slot uint32 // its first instruction
	Type uint32 // a Func in the program's BTF
}

// LineInfo says where an instruction comes from: struct bpf_line_info.
type LineInfo struct {
	Slot    uint32
	File    uint32 // offset among the strings of the program's BTF, as Text
	Text    uint32
	LineCol uint32 // the line in the source times 1024, and the column
}

// Line returns the number of the line in its file.
func (l LineInfo) Line() uint32 { return l.LineCol >> 10 }

// Column returns the column in the line.
func (l LineInfo) Column() uint32 { return l.LineCol & 0x3ff }

// ReadProgCode asks the kernel for the code of the program behind f, of which info
// tells the sizes.
func ReadProgCode(f FD, info *ProgInfo) (*ProgCode, error) {
	c := &ProgCode{
		Xlated:   make([]byte, info.XlatedLen),
		Jited:    make([]byte, info.JitedLen),
		Ksyms:    make([]uint64, info.nrKsyms),
		FuncLens: make([]uint32, info.nrFuncLens),
		Tags:     make([][8]byte, info.nrTags),
	}
	funcs := make([]byte, info.FuncCount*info.funcInfoSize)
	lines := make([]byte, info.nrLineInfo*info.lineInfoSize)
	jitedLines := make([]byte, info.nrJitedLineInfo*info.jitedLineSize)
	ask := ProgInfo{
		XlatedLen: info.XlatedLen, xlatedInsns: buffer(c.Xlated),
		JitedLen: info.JitedLen, jitedInsns: buffer(c.Jited),
		nrKsyms: info.nrKsyms, ksyms: buffer(c.Ksyms),
		nrFuncLens: info.nrFuncLens, funcLens: buffer(c.FuncLens),
		nrTags: info.nrTags, tags: buffer(c.Tags),
		FuncCount: info.FuncCount, funcInfoSize: info.funcInfoSize, funcInfo: buffer(funcs),
		nrLineInfo: info.nrLineInfo, lineInfoSize: info.lineInfoSize, lineInfo: buffer(lines),
		nrJitedLineInfo: info.nrJitedLineInfo, jitedLineSize: info.jitedLineSize, jitedLineInfo: buffer(jitedLines),
	}
	if err := readInfo(f, unsafe.Pointer(&ask), progInfoLen); err != nil {
		return nil, err
	}
	// An address that the kernel has set to zero stands for what it does not show.
	c.Xlated = shown(ask.xlatedInsns, c.Xlated)
	c.Jited = shown(ask.jitedInsns, c.Jited)
	c.Ksyms = shown(ask.ksyms, c.Ksyms)
	c.FuncLens = shown(ask.funcLens, c.FuncLens)
	c.readFuncs(shown(ask.funcInfo, funcs), int(info.funcInfoSize))
	c.readLines(shown(ask.lineInfo, lines), int(info.lineInfoSize))
	c.readJitedLines(shown(ask.jitedLineInfo, jitedLines), int(info.jitedLineSize))
	return c, nil
}

func shown[T any](at pointer, list []T) []T {
	if at.p == nil || len(list) == 0 {
		return nil
	}
	return list
}

// readFuncs reads records of size bytes: newer kernels may have longer ones.
func (c *ProgCode) readFuncs(records []byte, size int) {
	if size < int(unsafe.Sizeof(FuncInfo{})) {
		return
	}
	for ; len(records) >= size; records = records[size:] {
		c.Funcs = append(c.Funcs, FuncInfo{word(records, 0), word(records, 1)})
	}
}

func (c *ProgCode) readLines(records []byte, size int) {
	if size < int(unsafe.Sizeof(LineInfo{})) {
		return
	}
	c.Lines = make([]LineInfo, 0, len(records)/size)
	for ; len(records) >= size; records = records[size:] {
		c.Lines = append(c.Lines, LineInfo{word(records, 0), word(records, 1), word(records, 2), word(records, 3)})
	}
}

func (c *ProgCode) readJitedLines(records []byte, size int) {
	if size < 8 || len(records)/size != len(c.Lines) {
		return // the two belong together
	}
	for ; len(records) >= size; records = records[size:] {
		c.JitedLines = append(c.JitedLines, binary.NativeEndian.Uint64(records))
	}
}

// word returns a number of 32 bits out of a record.
func word(record []byte, i int) uint32 { return binary.NativeEndian.Uint32(record[4*i:]) }
