package load

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Numbers of enum bpf_map_type that mean something to who makes maps of them.
const (
	array          = 2
	perfEventArray = 4
	cgroupArray    = 8
	stackTrace     = 7
	arrayOfMaps    = 12
	hashOfMaps     = 13
	devmap         = 14
	sockmap        = 15
	cpumap         = 16
	xskmap         = 17
	sockhash       = 18
	queue          = 22
	stack          = 23
	devmapHash     = 25
	structOps      = 26
	ringbuf        = 27
	userRingbuf    = 31
	arena          = 33
	insnArray      = 34
)

// untyped are the types of maps to which the kernel lets no types of keys and values belong.
var untyped = []uint32{
	perfEventArray, cgroupArray, stackTrace, arrayOfMaps, hashOfMaps, devmap, devmapHash, cpumap, xskmap, sockmap, sockhash,
	queue, stack, arena,
}

// A Map is a map of an object that is loaded.
type Map struct {
	*elfobj.Map
	FD   bpf.FD
	Path string // where it is to be pinned by its name, once all is well; or ""

	replaced bool         // it is the caller's
	created  bool         // it is new, and has what the object says from the start
	ops      *structValue // of struct_ops
	memory   *bpf.Arena   // of an arena
	start    uint64       // where its variables start there, in bytes
}

// skipped reports whether a map of an object is not made: a struct of functions in a section whose
// name starts with "?".
func skipped(m *elfobj.Map) bool { return m.Kind == elfobj.StructOps && m.Section[0] == '?' }

// makeMaps makes all maps in the order of the object.
func (l *loader) makeMaps() error {
	for _, m := range l.object.Maps {
		if skipped(m) {
			continue
		}
		if err := l.ctx.Err(); err != nil {
			return err
		}
		made, err := l.makeMap(m)
		if err != nil {
			return fmt.Errorf("map %s: %w", m.Name, err)
		}
		l.maps[m] = made
		l.Maps = append(l.Maps, made)
		if made.created {
			if err := l.fill(made); err != nil {
				return fmt.Errorf("map %s: %w", m.Name, err)
			}
		}
	}
	return nil
}

// makeMap makes a map, or finds the one to be used in its place.
func (l *loader) makeMap(m *elfobj.Map) (*Map, error) {
	if fd, ok := l.options.Maps[m]; ok {
		return &Map{Map: m, FD: fd, replaced: true}, nil
	}
	spec, value, err := l.mapSpec(m)
	if err != nil {
		return nil, err
	}
	if m.Def.Inner != nil {
		inner, err := l.innerMap(m)
		if err != nil {
			return nil, fmt.Errorf("the map that its values are: %w", err)
		}
		if inner != 0 {
			defer inner.Close()
		}
		spec.Inner = inner
	}
	if m.Def.Pinning == pinByName {
		return l.sharedMap(m, spec)
	}
	fd, err := l.createMap(spec)
	if err != nil {
		return nil, err
	}
	return &Map{Map: m, FD: fd, created: true, ops: value}, nil
}

// createMap makes a map, without types if the kernel does not want them.
func (l *loader) createMap(spec bpf.MapSpec) (bpf.FD, error) {
	fd, err := bpf.CreateMap(spec)
	if err != nil && spec.KeyType|spec.ValueType != 0 {
		spec.BTF, spec.KeyType, spec.ValueType = 0, 0, 0
		if fd, again := bpf.CreateMap(spec); again == nil {
			return fd, nil
		}
	}
	if err == nil {
		return fd, nil
	}
	if spec.MaxEntries == 0 && errors.Is(err, unix.EINVAL) {
		return 0, hinted(err, "its max_entries is 0, which whoever made the object sets before it is loaded: use another map in its place (map name NAME MAP)")
	}
	return 0, l.explain(denied.Map(names.MapType(spec.Type), spec.Flags), err)
}

// mapSpec tells what a map is made of. value is that of a struct of functions.
func (l *loader) mapSpec(m *elfobj.Map) (spec bpf.MapSpec, value *structValue, err error) {
	spec = l.defSpec(&m.Def)
	spec.Name = m.KernelName(l.object.Name)
	if m.Kind == elfobj.StructOps {
		value, err = l.structValue(m)
		if err != nil {
			return spec, nil, err
		}
		spec.ValueSize, spec.StructType, spec.StructObj = uint32(len(value.bytes)), uint32(value.outer.id), value.outer.obj()
		spec.KeyType, spec.ValueType = 0, 0
	}
	return spec, value, nil
}

const numaNodeFlag = 1 << 2 // BPF_F_NUMA_NODE

// defSpec tells what a map with a definition is made of, but for its name.
func (l *loader) defSpec(d *elfobj.Def) bpf.MapSpec {
	s := bpf.MapSpec{
		Type: d.Type, KeySize: d.KeySize, ValueSize: d.ValueSize, MaxEntries: d.MaxEntries, Flags: d.Flags, Extra: d.Extra,
		Ifindex: l.options.Device, Token: l.token,
	}
	if d.NUMANode != 0 {
		s.NUMANode, s.Flags = d.NUMANode, s.Flags|numaNodeFlag
	}
	switch d.Type {
	case perfEventArray:
		s.Ifindex = 0
		s.KeySize, s.ValueSize = cmp.Or(d.KeySize, 4), cmp.Or(d.ValueSize, 4) // which it has in any case
		if s.MaxEntries == 0 {
			s.MaxEntries = l.cpus()
		}
	case ringbuf, userRingbuf:
		s.MaxEntries = ringSize(d.MaxEntries)
	}
	if l.types != 0 && !slices.Contains(untyped, d.Type) {
		s.BTF, s.KeyType, s.ValueType = l.types, uint32(d.Key), uint32(d.Value)
	}
	return s
}

// ringSize makes the size of a ring buffer, in bytes, one that the kernel takes: pages of which the
// number is a power of 2.
func ringSize(n uint32) uint32 {
	page := uint32(os.Getpagesize())
	if n == 0 || n%page == 0 && bits.OnesCount32(n/page) == 1 {
		return n
	}
	if pages := (uint64(n) + uint64(page) - 1) / uint64(page); pages > 1 {
		if n := uint64(page) << bits.Len64(pages-1); n <= 1<<31 {
			return uint32(n)
		}
		return n
	}
	return page
}

// cpus returns the number of processors that there may be. Without it the kernel refuses the map.
func (l *loader) cpus() uint32 {
	n, _ := bpf.PossibleCPUs()
	return uint32(n)
}

// innerMap makes a map like those that are to be the values of another one: whoever makes that
// has to show one.
func (l *loader) innerMap(m *elfobj.Map) (bpf.FD, error) {
	spec := l.defSpec(m.Def.Inner)
	spec.Name = "" // which nobody sees
	return l.createMap(spec)
}

// fill gives a map what it has from the start. What are programs comes when there are programs.
func (l *loader) fill(m *Map) error {
	switch {
	case m.Def.Type == arena:
		return l.fillArena(m)
	case m.Kind == elfobj.Data || m.Kind == elfobj.Rodata || m.Kind == elfobj.BSS || m.Kind == elfobj.Kconfig:
		return l.fillArea(m)
	case m.Kind == elfobj.PerCPU:
		return fillPerCPU(m)
	case m.Def.Inner != nil:
		return l.fillSlots(m)
	}
	return nil
}

// fillArea sets the only value of a map of variables.
func (l *loader) fillArea(m *Map) error {
	value := m.Data
	if m.Kind == elfobj.Kconfig {
		value = l.symbols.settings
	}
	zero := make([]byte, 4)
	if value != nil {
		if err := bpf.Update(m.FD, zero, value, bpf.Any); err != nil {
			return fmt.Errorf("its value: %w", err)
		}
	}
	if m.Kind == elfobj.Rodata || m.Kind == elfobj.Kconfig {
		if err := bpf.Freeze(m.FD); err != nil && !errors.Is(err, unix.EINVAL) { // before Linux 5.2
			return fmt.Errorf("freeze it: %w", err)
		}
	}
	return nil
}

// fillPerCPU sets the only value of a map of variables for each processor. The kernel wants the
// values behind each other, at multiples of 8 bytes.
func fillPerCPU(m *Map) error {
	n, err := bpf.PossibleCPUs()
	if err != nil {
		return err
	}
	one := make([]byte, (len(m.Data)+7)/8*8)
	copy(one, m.Data)
	if err := bpf.Update(m.FD, native32(0), bytes.Repeat(one, n), bpf.Any); err != nil {
		return fmt.Errorf("its values: %w", err)
	}
	return nil
}

// fillSlots sets the values of a map that are maps or programs.
func (l *loader) fillSlots(m *Map) error {
	for _, s := range m.Slots {
		var fd bpf.FD
		if s.Map != nil {
			inner := l.maps[s.Map]
			if inner == nil {
				return fmt.Errorf("value %d: map %s is not there yet: it has to stand before the map that has it", s.Index, s.Map.Name)
			}
			fd = inner.FD
		} else if p := l.program(s.Func); p != nil {
			fd = p.FD
		} else {
			return fmt.Errorf("value %d: program %s is not loaded", s.Index, s.Func.Name)
		}
		if err := bpf.Update(m.FD, native32(uint32(s.Index)), native32(uint32(fd)), bpf.Any); err != nil {
			return fmt.Errorf("value %d: %w", s.Index, err)
		}
	}
	return nil
}
