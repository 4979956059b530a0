package load

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Program is a program of an object that is loaded.
type Program struct {
	*elfobj.Func
	FD   bpf.FD
	What names.Section // what its section says, or what was said instead

	Code   []byte // as it was given to the verifier
	Placed []elfobj.Placed
	Relocs []core.Result // what became of its relocations

	types map[*elfobj.Func]btf.ID // of functions whose types are not those of the object
}

// loadPrograms loads all programs in the order of the object.
func (l *loader) loadPrograms() error {
	for _, p := range l.Programs {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		spec, err := l.progSpec(p)
		if err != nil {
			return fmt.Errorf("program %s: %w", p.Name, err)
		}
		p.FD, err = l.loadProgram(p, spec)
		l.closeTables()
		if err != nil {
			return err
		}
		l.bind(p)
	}
	return nil
}

// bind makes a program hold the maps with constants, as those may be about it: bpf_metadata_ and
// whatever follows. Kernels that cannot do so are no worse for it.
func (l *loader) bind(p *Program) {
	for _, m := range l.Maps {
		if m.Kind == elfobj.Rodata {
			_ = bpf.BindMap(p.FD, m.FD)
		}
	}
}

// Flags of programs.
const (
	sleepableFlag = 1 << 4 // BPF_F_SLEEPABLE
	fragsFlag     = 1 << 5 // BPF_F_XDP_HAS_FRAGS
	boundFlag     = 1 << 6 // BPF_F_XDP_DEV_BOUND_ONLY
	xdpType       = 6      // BPF_PROG_TYPE_XDP
	structOpsType = 27     // BPF_PROG_TYPE_STRUCT_OPS
)

// progSpec tells what a program is loaded from.
func (l *loader) progSpec(p *Program) (*bpf.ProgSpec, error) {
	s := &bpf.ProgSpec{
		Type: uint32(p.What.Type), Name: p.Name, License: l.object.License, Version: versionCode(),
		Ifindex: l.options.Device, Token: l.token,
	}
	s.AttachType = expects(p.What, l.linksUprobes)
	if p.What.Sleepable {
		s.Flags |= sleepableFlag
	}
	if p.What.Frags {
		s.Flags |= fragsFlag
	}
	if l.options.Bound != 0 && s.Type == xdpType {
		s.Ifindex, s.Flags = l.options.Bound, s.Flags|boundFlag
	}
	if err := l.setTarget(p, s); err != nil {
		return nil, err
	}
	if err := l.patch(p, s); err != nil {
		return nil, err
	}
	s.Insns = p.Code
	if l.types != 0 {
		s.BTF = l.types
		s.Funcs, s.Lines = l.records(p)
	}
	return s, nil
}

// expects returns what the kernel is told that a program of a section is to be attached to. Those for places that
// tracepoints of programs name are for one link to all places, where the kernel has such links.
func expects(s names.Section, linksUprobes func(attach uint32) bool) uint32 {
	attach := uint32(s.Attach)
	usdt := s.Name == "usdt" || s.Name == "usdt.s"
	if !s.Attaches || usdt && !linksUprobes(attach) {
		return 0
	}
	return attach
}

// relocate links a program, with the kernel's values where it asks for them.
func (l *loader) relocate(p *Program) error {
	asks := func(f elfobj.Placed) bool { return len(f.CORE) > 0 }
	p.Placed = l.object.Link(p.Func)
	if slices.ContainsFunc(p.Placed, asks) {
		target, err := l.kernel.plain()
		if err != nil {
			return err
		}
		p.Placed, p.Relocs = core.Link(l.object, p.Func, target)
		if slices.ContainsFunc(p.Relocs, func(r core.Result) bool { return r.TargetID == 0 && r.Outcome >= core.Absent }) {
			full, err := l.kernel.full()
			if err != nil {
				return err
			}
			if full != target {
				p.Placed, p.Relocs = core.Link(l.object, p.Func, full)
			}
		}
	}
	for i := range p.Relocs {
		if p.Relocs[i].Outcome.IsFatal() {
			return &RelocError{p, &p.Relocs[i], nil}
		}
	}
	for _, f := range p.Placed {
		p.Code = append(p.Code, f.Code...)
	}
	return nil
}

// records returns what the kernel is told about the functions and lines of a program. There are none
// if a function has none: the kernel wants to know of all or of none.
func (l *loader) records(p *Program) (funcs []bpf.FuncInfo, lines []bpf.LineInfo) {
	for _, f := range p.Placed {
		id, ok := f.Type()
		if !ok {
			return nil, nil
		}
		id = cmp.Or(p.types[f.Func], id)
		funcs = append(funcs, bpf.FuncInfo{Slot: uint32(f.Start), Type: uint32(id)})
		for _, line := range f.Lines {
			lines = append(lines, bpf.LineInfo{Slot: uint32(f.Start + line.Insn), File: line.FileAt, Text: line.TextAt, LineCol: line.Line<<10 | line.Col})
		}
	}
	return funcs, lines
}

// patch puts maps, variables and what is found in the kernel into the instructions of a program.
func (l *loader) patch(p *Program, s *bpf.ProgSpec) error {
	fds := modules{s: s}
	for _, f := range p.Placed {
		for _, r := range f.Relocs {
			at := (f.Start + r.Insn) * bytecode.Size
			if err := l.patchInsn(insn(p.Code[at:]), f, r, &fds); err != nil {
				return fmt.Errorf("instruction %d: %w", f.Start+r.Insn, err)
			}
		}
	}
	return nil
}

// Helpers that no kernel has, which stand where an instruction must not be run; they tell who
// reads a log what was missing. To them the number of the map or extern is added.
//
// Source: logs of the reference.
const (
	poisonMap   = 2001000000
	poisonKfunc = 2002000000
)

// patchInsn puts what an instruction refers to into it.
func (l *loader) patchInsn(in insn, f elfobj.Placed, r elfobj.Reloc, fds *modules) error {
	switch r.Kind {
	case elfobj.ToMap, elfobj.ToValue:
		m := l.maps[r.Map]
		if m == nil {
			in.poison(poisonMap + slices.Index(l.object.Maps, r.Map))
			return nil
		}
		if r.Kind == elfobj.ToMap {
			in.wide(bytecode.LoadMap, uint32(m.FD), 0)
			return nil
		}
		in.wide(bytecode.LoadValue, uint32(m.FD), uint32(m.start)+uint32(r.Offset))
	case elfobj.ToExtern:
		l.patchExtern(in, r)
	case elfobj.ToKfunc:
		return l.patchKfunc(in, r.Extern, fds)
	case elfobj.ToTable:
		m, err := l.jumpTable(f, r.Table)
		if err != nil {
			return fmt.Errorf("the table that it jumps by: %w", err)
		}
		in.wide(bytecode.LoadValue, uint32(m), 0)
	}
	return nil
}

// patchExtern is for the address of an extern, or of a setting.
func (l *loader) patchExtern(in insn, r elfobj.Reloc) {
	e := r.Extern
	if e.Kind == elfobj.Setting {
		for _, m := range l.Maps {
			if m.Kind == elfobj.Kconfig {
				in.wide(bytecode.LoadValue, uint32(m.FD), e.Offset)
			}
		}
		return
	}
	if f, ok := l.symbols.typed[e]; ok {
		in.wide(bytecode.LoadVariable, uint32(f.id), uint32(f.obj()))
		return
	}
	addr := l.symbols.addrs[e]
	in.wide(0, uint32(addr), uint32(addr>>32))
}

// patchKfunc is for a call of a function of the kernel.
func (l *loader) patchKfunc(in insn, e *elfobj.Extern, fds *modules) error {
	f, ok := l.symbols.typed[e]
	if !ok {
		in.poison(poisonKfunc + slices.Index(l.object.Externs, e))
		return nil
	}
	index, err := fds.index(f)
	if err != nil {
		return err
	}
	in.call(uint32(f.id), index)
	return nil
}

// modules are the modules whose functions a program calls.
type modules struct {
	s *bpf.ProgSpec
}

// index returns the number under which a call names a module. That of the kernel itself is 0.
func (m *modules) index(f found) (uint16, error) {
	if f.module == nil {
		return 0, nil
	}
	if len(m.s.FDs) == 0 {
		m.s.FDs = []int32{0}
	}
	fd := int32(f.obj())
	i := slices.Index(m.s.FDs, fd)
	if i < 0 {
		i = len(m.s.FDs)
		m.s.FDs = append(m.s.FDs, fd)
	}
	if i > 1<<15-1 {
		return 0, errors.New("functions of too many modules")
	}
	return uint16(i), nil
}

// loadProgram gives a program to the kernel. If that refuses it, it is asked again for its reasons.
func (l *loader) loadProgram(p *Program, s *bpf.ProgSpec) (bpf.FD, error) {
	if l.options.LogLevel != 0 {
		return l.loadLogged(p, s, l.options.LogLevel)
	}
	fd, _, err := bpf.LoadProg(s, nil)
	if err == nil {
		return fd, nil
	}
	return l.loadLogged(p, s, 1)
}

// cString returns the text up to a zero byte.
func cString(b []byte) string {
	text, _, _ := strings.Cut(string(b), "\x00")
	return text
}
