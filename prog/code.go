package prog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A code is a loaded program's code, and what tells where it comes from.
type code struct {
	info bpf.ProgInfo
	name string
	*bpf.ProgCode
	types *btf.Spec // nil without BTF
}

// readCode reads the code of the program behind fd.
func readCode(fd bpf.FD) (*code, error) {
	info, _, err := pick.ProgInfo(fd)
	if err != nil {
		return nil, err
	}
	c, err := readUntyped(fd, &info)
	if err != nil || info.BTFID == 0 {
		return c, err
	}
	c.name = pick.ProgName(fd, &info)
	if c.types, err = pick.ReadBTF(info.BTFID); err != nil {
		return nil, fmt.Errorf("failed to get btf: %w", err)
	}
	return c, nil
}

// readUntyped reads the code of the program behind fd without its types, of which info
// tells the sizes.
func readUntyped(fd bpf.FD, info *bpf.ProgInfo) (*code, error) {
	read, err := bpf.ReadProgCode(fd, info)
	if err != nil {
		return nil, fmt.Errorf("can't get prog info: %w", err)
	}
	return &code{info: *info, name: info.Name(), ProgCode: read}, nil
}

// heading describes the program.
func (c *code) heading() *Heading {
	h := heading(&c.info, c.name)
	return &h
}

// functions returns where the functions of the program start, if BTF tells it.
func (c *code) functions() []function {
	if c.types == nil {
		return nil
	}
	list := make([]function, len(c.Funcs))
	for i, f := range c.Funcs {
		list[i] = function{f.Slot, decl.Signature(c.types, btf.ID(f.Type))}
	}
	return list
}

// lines returns the lines of source of the program, if BTF has them.
func (c *code) lines() []line {
	if c.types == nil {
		return nil
	}
	list := make([]line, len(c.Lines))
	for i, l := range c.Lines {
		list[i] = c.line(l, l.Slot)
	}
	return list
}

// line describes a line that begins at a slot, or an offset in machine code.
func (c *code) line(l bpf.LineInfo, slot uint32) line {
	s := line{slot: slot, num: l.Line(), column: l.Column()}
	s.text, s.known = c.types.String(l.Text)
	s.file, _ = c.types.String(l.File)
	return s
}

var errNotShown = errors.New("error retrieving insn dump: kernel.kptr_restrict set?")

// xlated returns the bytes of the instructions of the program.
func (c *code) xlated() ([]byte, error) {
	if c.Xlated == nil {
		return nil, render.Hinted{
			Err:  errNotShown,
			Hint: "instructions are shown to those with CAP_BPF, and while net.core.bpf_jit_harden is set only to those who may see kernel addresses",
		}
	}
	return c.Xlated, nil
}

// instructions returns the instructions of the program.
func (c *code) instructions(s style) (render.Fact, error) { return c.listing(s) }

func (c *code) listing(s style) (*listing, error) {
	if _, err := c.xlated(); err != nil {
		return nil, err
	}
	insns, err := bytecode.Decode(c.Xlated, binary.NativeEndian)
	if err != nil {
		return nil, err
	}
	return &listing{
		code: c.Xlated, insns: insns, names: c.symbols(insns),
		funcs: c.functions(), lines: c.lines(), style: s,
	}, nil
}

var errNotCompiled = errors.New("error retrieving jit dump: no instructions returned or kernel.kptr_restrict set?")

// jitSwitch is the file that tells whether programs are compiled.
const jitSwitch = "/proc/sys/net/core/bpf_jit_enable"

// jited returns the machine code of the program. If there is none to be seen, the
// error says why.
func (c *code) jited() ([]byte, error) {
	if c.Jited != nil {
		return c.Jited, nil
	}
	on, _ := os.ReadFile(jitSwitch) // those who may not read it are told less
	return nil, render.Hinted{Err: errNotCompiled, Hint: whyNotJited(&c.info, strings.TrimSpace(string(on)))}
}

// whyNotJited says why the machine code of a program is not shown. on is what jitSwitch
// has now, or empty.
func whyNotJited(info *bpf.ProgInfo, on string) string {
	switch {
	case info.JitedLen > 0:
		return "machine code is shown to those who may see kernel addresses: see kernel.kptr_restrict, and CAP_SYSLOG"
	case info.XlatedLen == 0:
		return "code is shown to those with CAP_BPF"
	case on == "0":
		return "the program runs in the interpreter: net.core.bpf_jit_enable is 0, or was when it was loaded"
	}
	return "the program runs in the interpreter: the JIT compiler was off when it was loaded, or could not compile it"
}
