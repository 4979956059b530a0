package support

//lint:file-ignore U1000 skeletons use it

import (
	"fmt"

	"github.com/cilium/ebpf"
)

// A skelArea is a section of variables.
type skelArea struct {
	spec    *ebpf.CollectionSpec
	section string
	m       *ebpf.Map    // nil before Load
	memory  *ebpf.Memory // nil before Load, and where the kernel does not map it
	given   []string     // names of variables that were set before Load
}

// loaded takes over the map that the section is.
func (a *skelArea) loaded(coll *ebpf.Collection) {
	if a.m = coll.Maps[a.section]; a.m != nil {
		a.memory, _ = a.m.Memory()
	}
}

// closed lets go of the map.
func (a *skelArea) closed() {
	a.m, a.memory = nil, nil
}

// A skelPlace is where a variable is.
type skelPlace struct {
	area   *skelArea
	name   string
	offset int // bytes
}

func (p *skelPlace) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("variable %s: %w", p.name, err)
}

// start returns what the variable starts with.
func (p *skelPlace) start(size int) ([]byte, error) {
	if v := p.area.spec.Variables[p.name]; v != nil && v.SectionName == p.area.section && len(v.Value) >= size {
		return v.Value, nil
	}
	if m := p.area.spec.Maps[p.area.section]; m != nil && len(m.Contents) == 1 {
		if b, ok := m.Contents[0].Value.([]byte); ok && len(b) >= p.offset+size {
			return b[p.offset:][:size], nil
		}
	}
	return nil, p.failed(fmt.Errorf("section %s has no such variable", p.area.section))
}

// whole returns all that the section has now.
func (p *skelPlace) whole() ([]byte, error) {
	b, err := p.area.m.LookupBytes(uint32(0))
	if err == nil && b == nil {
		err = ebpf.ErrKeyNotExist
	}
	return b, p.failed(err)
}

func (p *skelPlace) read(to []byte) error {
	switch {
	case p.area.memory != nil:
		_, err := p.area.memory.ReadAt(to, int64(p.offset))
		return p.failed(err)
	case p.area.m != nil:
		b, err := p.whole()
		if err == nil {
			copy(to, b[p.offset:])
		}
		return err
	}
	b, err := p.start(len(to))
	copy(to, b)
	return err
}

func (p *skelPlace) write(from []byte) error {
	switch {
	case p.area.memory != nil:
		_, err := p.area.memory.WriteAt(from, int64(p.offset))
		return p.failed(err)
	case p.area.m != nil:
		b, err := p.whole()
		if err != nil {
			return err
		}
		copy(b[p.offset:], from)
		return p.failed(p.area.m.Put(uint32(0), b))
	}
	b, err := p.start(len(from))
	if err == nil {
		copy(b, from)
		p.area.given = append(p.area.given, p.name)
	}
	return err
}

// open finds where the variable is.
func (p *skelPlace) open(area *skelArea, name string, offset int) {
	p.area, p.name, p.offset = area, name, offset
}

// open finds what the section starts with.
func (a *skelArea) open(spec *ebpf.CollectionSpec, section string) {
	a.spec, a.section = spec, section
}
