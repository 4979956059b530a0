package usdt

import (
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
)

// A Place is where a tracepoint is, and how programs find its arguments.
type Place struct {
	Offset    uint64 // in the file, in bytes
	Semaphore uint64 // likewise, or 0
	Arguments []Argument

	addr  uint64 // for which the image was made
	fixed bool   // it is there in each process
}

// None says that a file has some tracepoints, but not the one that was asked for. It is an [fs.ErrNotExist].
type None int

func (n None) Error() string {
	return fmt.Sprintf("none among %d", int(n))
}

// Is reports whether target is fs.ErrNotExist.
func (n None) Is(target error) bool {
	return target == fs.ErrNotExist
}

// Places finds the places of a tracepoint in an executable or library.
func Places(f *elf.File, provider, name string) (places []Place, err error) {
	section := f.Section(noteSection)
	if section == nil {
		return nil, fmt.Errorf("no tracepoints: no section %s", noteSection)
	}
	rules := archOf(f.Machine)
	if rules == nil || f.Class != elf.ELFCLASS64 {
		return nil, fmt.Errorf("a file for %s, of %s: nothing is known about its arguments", f.Machine, f.Class)
	}
	data, err := section.Data()
	if err != nil {
		return nil, err
	}
	notes, err := parseNotes(data, f.ByteOrder)
	if err != nil {
		return nil, err
	}
	for i := range notes {
		if n := &notes[i]; n.provider == provider && n.name == name {
			p, err := n.place(f, rules)
			if err != nil {
				return nil, fmt.Errorf("at %#x: %w", n.at, err)
			}
			places = append(places, p)
		}
	}
	if len(places) == 0 {
		return nil, None(len(notes))
	}
	return places, nil
}

// place finds the place that a note describes.
func (n *note) place(f *elf.File, rules *arch) (p Place, err error) {
	p = Place{addr: n.at, fixed: f.Type == elf.ET_EXEC}
	// What moves an image later does not change notes, but moves the section that they say was at base.
	if base := f.Section(baseSection); base != nil && n.base != 0 {
		p.addr += base.Addr - n.base
	}
	if hasLongNop(f, p.addr) && fastProbes() {
		p.addr++
	}
	if p.Offset, err = fileOffset(f, p.addr, elf.PF_X); err != nil {
		return p, err
	}
	if n.semaphore != 0 {
		if p.Semaphore, err = fileOffset(f, n.semaphore, 0); err != nil {
			return p, fmt.Errorf("semaphore: %w", err)
		}
	}
	p.Arguments, err = parseArguments(n.arguments, rules)
	return p, err
}

// Addr returns where the place is in each process, by which kernels without cookies tell places apart.
func (p *Place) Addr() (uint64, error) {
	if !p.fixed {
		return 0, errors.New("before Linux 5.15, only tracepoints of programs with addresses of their own (linked with -no-pie) can be told apart")
	}
	return p.addr, nil
}

// fileOffset returns what the kernel puts at an address, as an offset in the file, in bytes. The memory there must
// have the given flags.
func fileOffset(f *elf.File, addr uint64, flags elf.ProgFlag) (uint64, error) {
	p := segmentAt(f, addr, flags)
	if p == nil {
		return 0, fmt.Errorf("address %#x: nothing of the file is there", addr)
	}
	return addr - p.Vaddr + p.Off, nil
}

// segmentAt returns the part of the file that the kernel puts around an address, or nil.
func segmentAt(f *elf.File, addr uint64, flags elf.ProgFlag) *elf.Prog {
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && addr >= p.Vaddr && addr-p.Vaddr < p.Memsz && p.Flags&flags == flags {
			return p
		}
	}
	return nil
}
