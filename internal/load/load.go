// Package load brings objects into the kernel: their maps, with what they have from the start, and
// their programs, with the kernel's values where they ask for them.
//
// What it makes, and in which order, is what libbpf 1.8 makes of an object. The kernel's values are
// those of internal/core, which tells what became of each relocation.
//
// It issues bpf(2) itself: cilium/ebpf makes maps in no certain order, reads the types of
// the kernel anew, and refuses what libbpf takes.
package load

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Options say how an object is loaded.
type Options struct {
	What   *names.Section         // what all programs are, whatever their sections say; nil if these do
	Device uint32                 // the network device that programs and maps are for, by its index, or 0
	Bound  uint32                 // the network device that XDP programs are bound to, or 0
	Maps   map[*elfobj.Map]bpf.FD // maps to be used instead of those of the object; they stay the caller's
	Types  string                 // a file with the types of a kernel, for relocations, or "" for those of the running one
	Target *Target                // what programs trace or replace instead of the function that their sections name, or nil
	Token  bpf.FD                 // that allows it, or 0

	// Relocated gets each program once its relocations are done, and before the kernel sees any. It is
	// called by another goroutine, which has ended when Load returns.
	Relocated func(p *Program)

	// LogLevel is what the verifier is asked to tell of each program, or 0. Log gets it, and the
	// reasons for which it has refused a program.
	LogLevel uint32
	Log      func(p *Program, text string, err error)
}

// A Collection is an object that is loaded. It belongs to the caller.
type Collection struct {
	Object   *elfobj.Object
	Programs []*Program // those that were loaded, in the order of the object
	Maps     []*Map     // likewise
}

// A loader loads one object.
type loader struct {
	*Collection
	ctx     context.Context
	options Options
	object  *elfobj.Object
	kernel  *kernel
	symbols *symbols
	types   bpf.FD // of the object, or 0
	untyped error  // why the kernel does not take them, or nil

	relocating  sync.WaitGroup // until it is done, programs are not to be looked at
	unrelocated error          // why a program cannot be relocated, or nil

	token   bpf.FD
	maps    map[*elfobj.Map]*Map
	structs map[*elfobj.Map]*structValue
	tables  map[tableKey]bpf.FD
}

// Load loads an object: all of it, or nothing.
//
// The error wraps a *[RelocError] if a relocation is the reason, and a *[Refusal] if the verifier
// has refused a program.
func Load(ctx context.Context, object *elfobj.Object, options Options) (*Collection, error) {
	l := &loader{
		Collection: &Collection{Object: object}, ctx: ctx, options: options, object: object, token: options.Token,
		kernel: newKernel(options.Types),
		maps:   make(map[*elfobj.Map]*Map), structs: make(map[*elfobj.Map]*structValue), tables: make(map[tableKey]bpf.FD),
	}
	defer l.done()
	for _, step := range []func() error{l.check, l.choose, l.prepare, l.makeMaps, l.relocated, l.loadPrograms, l.finish} {
		if err := step(); err != nil {
			err = cmp.Or(l.relocated(), err)
			l.Close()
			return nil, l.withTypes(err)
		}
	}
	return l.Collection, nil
}

// withTypes adds to an error that the object's types were refused before, which may be why.
func (l *loader) withTypes(err error) error {
	if l.untyped == nil || err == l.untyped || errors.Is(l.untyped, unix.EPERM) {
		return err
	}
	return fmt.Errorf("%w\n\tand before that, %v", err, l.untyped)
}

// done lets go of what only loading needs.
func (l *loader) done() {
	l.kernel.close()
	if l.types != 0 {
		l.types.Close()
	}
	l.closeTables()
}

// check refuses objects that no kernel like this one takes.
func (l *loader) check() error {
	if native := binary.NativeEndian.Uint16([]byte{1, 0}); l.object.Order.Uint16([]byte{1, 0}) != native {
		return fmt.Errorf("the object is for machines of the other byte order: compile it with -target bpf")
	}
	for _, m := range l.object.Maps {
		switch {
		case m.Kind == elfobj.Legacy:
			return fmt.Errorf("map %s: it is defined in the section %q, as before libbpf 1.0: define it with BTF in the section \".maps\"", m.Name, m.Section)
		case m.Kind == elfobj.Defined && m.Static:
			return fmt.Errorf("map %s: it is static", m.Name)
		case m.Def.Type == 0:
			return fmt.Errorf("map %s: its definition does not say its type", m.Name)
		case m.Def.Pinning > pinByName:
			return fmt.Errorf("map %s: pinning is %d, and can only be by its name (%d) or none (0)", m.Name, m.Def.Pinning, pinByName)
		case m.Def.Inner != nil && m.Def.Inner.Pinning != 0:
			return fmt.Errorf("map %s: maps that are its values cannot be pinned by their names", m.Name)
		}
	}
	return nil
}

// choose tells which programs are loaded, and what each is.
func (l *loader) choose() error {
	for _, f := range l.object.Programs {
		p := &Program{Func: f}
		if l.options.What != nil {
			p.What = *l.options.What
		} else if what, ok := names.ParseSection(f.Section); ok {
			p.What = what
		} else {
			return render.Hinted{
				Err:  fmt.Errorf("program %s: the section '%s' does not say what it is", render.Printable(f.Name), render.Printable(f.Section)),
				Hint: KnownSections(),
			}
		}
		if l.wants(p) {
			l.Programs = append(l.Programs, p)
		}
	}
	return nil
}

// wants reports whether a program is loaded: a function of structs if one of these is made, and
// others as their sections say.
func (l *loader) wants(p *Program) bool {
	if p.What.Type == structOpsType {
		has := func(s elfobj.Slot) bool { return s.Func == p.Func }
		having := func(m *elfobj.Map) bool { return m.Kind == elfobj.StructOps && slices.ContainsFunc(m.Slots, has) }
		made := func(m *elfobj.Map) bool { return having(m) && !skipped(m) }
		if slices.ContainsFunc(l.object.Maps, having) {
			return slices.ContainsFunc(l.object.Maps, made)
		}
	}
	return p.Autoload()
}

// prepare does what needs nothing of the kernel but reading: what fails here leaves nothing to be
// undone. Relocations, which take the longest of it, go on while maps are made. The types of the object
// come last.
func (l *loader) prepare() error {
	if err := l.find(); err != nil {
		return err
	}
	for _, m := range l.object.Maps {
		if m.Kind == elfobj.StructOps && !skipped(m) {
			if _, err := l.structValue(m); err != nil {
				return fmt.Errorf("map %s: %w", m.Name, err)
			}
		}
	}
	if l.asksForTypes() {
		l.relocating.Go(func() { l.unrelocated = l.relocateAll() })
	} else {
		l.unrelocated = l.relocateAll() // which takes less time than to have another thread do it
	}
	if l.types, l.untyped = l.loadTypes(); l.untyped != nil && l.typesMatter() {
		return l.untyped
	}
	return nil
}

// asksForTypes reports whether programs are relocated by the types of the kernel.
func (l *loader) asksForTypes() bool {
	return slices.ContainsFunc(l.object.Records, func(r elfobj.Records) bool { return len(r.CORE) > 0 })
}

// relocateAll relocates the programs.
func (l *loader) relocateAll() error {
	for _, p := range l.Programs {
		err := l.relocate(p)
		if l.options.Relocated != nil {
			l.options.Relocated(p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// relocated waits until the programs are relocated, if that has begun.
func (l *loader) relocated() error {
	l.relocating.Wait()
	return l.unrelocated
}

// typesMatter reports whether an object cannot be loaded without its types. Others do without, for
// those who may load programs and maps, but no types.
func (l *loader) typesMatter() bool {
	return slices.ContainsFunc(l.object.Maps, func(m *elfobj.Map) bool { return m.Kind == elfobj.StructOps })
}

// finish does what needs the programs.
func (l *loader) finish() error {
	for _, m := range l.Maps {
		if m.created && m.Def.Progs {
			if err := l.fillSlots(m); err != nil {
				return fmt.Errorf("map %s: %w", m.Name, err)
			}
		}
	}
	l.complete()
	return nil
}

// program returns the program of a function, or nil if it is not loaded.
func (l *loader) program(f *elfobj.Func) *Program {
	for _, p := range l.Programs {
		if p.Func == f && p.FD != 0 {
			return p
		}
	}
	return nil
}

// MapFD returns the descriptor of the map with a name, which stays the collection's.
func (c *Collection) MapFD(name string) (bpf.FD, bool) {
	for _, m := range c.Maps {
		if m.Name == name {
			return m.FD, true
		}
	}
	return 0, false
}

// Close closes everything. What is pinned or attached stays.
func (c *Collection) Close() {
	for _, p := range c.Programs {
		if p.FD != 0 {
			p.FD.Close()
		}
	}
	for _, m := range c.Maps {
		if m.memory != nil {
			m.memory.Close()
		}
		if !m.replaced {
			m.FD.Close()
		}
	}
}

// KnownSections is a sentence that tells the names of sections that say what programs are.
func KnownSections() string {
	b := []byte("sections are")
	for name, more := range names.SectionNames {
		b = append(append(b, ' '), name...)
		if more {
			b = append(b, "[/...]"...)
		}
	}
	return string(b)
}
