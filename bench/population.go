package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/rlimit"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// How many objects the tools have to list.
const (
	programs    = 500
	maps        = 2000 // each used by one program
	links       = 10   // each of one of the programs
	mapsPerProg = maps / programs
)

// A population is a set of BPF objects that live as long as it is open.
type population struct {
	objects []io.Closer
	large   uint32 // the ID of the largest program
}

// populate loads the objects. Close releases them.
// The machine code of the largest program is in the file "code" of dir.
func populate(dir string) (_ *population, err error) {
	p := &population{}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	// Before Linux 5.11 objects count against a limit of locked memory.
	if err := rlimit.RemoveMemlock(); err != nil {
		return nil, fmt.Errorf("locked memory: %w", err)
	}
	for i := range programs - links {
		if _, err := p.addProgram(i, ebpf.SocketFilter); err != nil {
			return nil, err
		}
	}
	for i := range links {
		if err := p.addLink(programs - links + i); err != nil {
			return nil, err
		}
	}
	if err := p.addCode(filepath.Join(dir, "code")); err != nil {
		return nil, err
	}
	return p, p.addTables()
}

// instructions is how many the program has whose code is shown.
const instructions = 50_000

// addCode loads that program, and writes its machine code to a file.
func (p *population) addCode(path string) error {
	o, err := fixture.Large(instructions)
	if err != nil {
		return err
	}
	p.objects, p.large = append(p.objects, o), o.ID
	loaded, err := ebpf.NewProgramFromID(ebpf.ProgramID(o.ID))
	if err != nil {
		return err
	}
	defer loaded.Close()
	info, err := loaded.Info()
	if err != nil {
		return err
	}
	code, ok := info.JitedInsns()
	if !ok {
		return fmt.Errorf("program %d: no machine code is shown", o.ID)
	}
	return os.WriteFile(path, code, 0o600)
}

// addLink loads a program, the nth, and attaches it to a tracepoint that hardly
// ever fires, so that it costs nothing. (Older kernels do not attach the same
// program twice.)
func (p *population) addLink(n int) error {
	prog, err := p.addProgram(n, ebpf.RawTracepoint)
	if err != nil {
		return err
	}
	l, err := link.AttachRawTracepoint(link.RawTracepointOptions{
		Name:    "cgroup_remount",
		Program: prog,
	})
	if err != nil {
		return fmt.Errorf("link of program %d: %w", n, err)
	}
	p.objects = append(p.objects, l)
	return nil
}

// addProgram loads a program of a type, the nth, and the maps that it uses.
func (p *population) addProgram(n int, typ ebpf.ProgramType) (*ebpf.Program, error) {
	var insns asm.Instructions
	for i := range mapsPerProg {
		m, err := p.addMap(n*mapsPerProg + i)
		if err != nil {
			return nil, err
		}
		insns = append(insns, asm.LoadMapPtr(asm.R1, m.FD()))
	}
	insns = append(insns, asm.Mov.Imm(asm.R0, 0), asm.Return())
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Name:         fmt.Sprintf("bench_%d", n),
		Type:         typ,
		License:      "MIT",
		Instructions: insns,
	})
	if err != nil {
		return nil, fmt.Errorf("program %d: %w", n, err)
	}
	p.objects = append(p.objects, prog)
	return prog, nil
}

// addMap creates an array of one element, the nth map.
func (p *population) addMap(n int) (*ebpf.Map, error) {
	m, err := ebpf.NewMap(&ebpf.MapSpec{
		Name:       fmt.Sprintf("bench_%d", n),
		Type:       ebpf.Array,
		KeySize:    4,
		ValueSize:  8,
		MaxEntries: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("map %d: %w", n, err)
	}
	p.objects = append(p.objects, m)
	return m, nil
}

// Close releases all objects. There is nothing to be done about one that does
// not close: it goes with the process.
func (p *population) Close() {
	for _, o := range p.objects {
		o.Close()
	}
}
