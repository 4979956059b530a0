package support

//lint:file-ignore U1000 skeletons use it

// Uses: attacher mapuse bytes

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/cilium/ebpf/link"
)

// A SkelStructOps is a struct of functions, as the object declares it: V.
type SkelStructOps[V any] struct {
	SkelAnyMap

	Autoload   bool // Load loads it
	Autoattach bool // Attach of the whole attaches it

	skelStruct
	link       *link.Link // where what keeps it attached goes
	registered bool       // without a link
	coll       *ebpf.Collection
}

// A skelStruct is what the kernel is told of a struct of functions.
type skelStruct struct {
	kind    string // the name of the struct in the kernel
	data    string // what it starts with
	members []skelMember
	linked  bool // it is attached by a link
	value   []byte
	put     bool // the map has got its value, which it gets once
	cache   *btf.Cache
	progs   map[string]*ebpf.Program
}

// A skelMember is a part of a struct of functions.
type skelMember struct {
	name         string
	offset, size int    // bytes
	program      string // or "" if it is no function
}

// Value returns what the struct starts with. Its functions are zero.
func (s *SkelStructOps[V]) Value() (value V) {
	copy(skelBytes(&value), s.start())
	return value
}

// Set changes what the struct starts with, before Attach. Its functions stay.
func (s *SkelStructOps[V]) Set(value V) {
	copy(s.start(), skelBytes(&value))
}

// start returns what the struct starts with.
func (s *skelStruct) start() []byte {
	if s.value == nil {
		s.value = []byte(s.data)
	}
	return s.value
}

// describe tells what the map is made of.
func (s *SkelStructOps[V]) describe(name, kind, data string, linked bool, members []skelMember) {
	const linkFlag = 1 << 13 // BPF_F_LINK
	size := uint32(unsafe.Sizeof(*new(V)))
	s.name, s.kind, s.data, s.linked, s.members = name, kind, data, linked, members
	s.Spec = &ebpf.MapSpec{
		Name: name, Type: ebpf.StructOpsMap, KeySize: 4, ValueSize: size, MaxEntries: 1,
		Value: &btf.Struct{Name: kind, Size: size},
	}
	if linked {
		s.Spec.Flags = linkFlag
	}
}

// target says which functions the programs are.
func (s *skelStruct) target(programs map[string]*ebpf.ProgramSpec) {
	for _, m := range s.members {
		if p := programs[m.program]; p != nil {
			p.AttachTo = s.kind + ":" + m.name
		}
	}
}

// loaded makes the map, once its programs are loaded, if it is to be loaded.
func (s *SkelStructOps[V]) loaded(coll *ebpf.Collection, cache *btf.Cache) error {
	if !s.Autoload {
		return nil
	}
	return s.make(coll, cache)
}

// make makes the map.
func (s *SkelStructOps[V]) make(coll *ebpf.Collection, cache *btf.Cache) error {
	m, err := ebpf.NewMap(s.Spec)
	if err != nil {
		return s.failed(err)
	}
	s.Map, s.cache, s.progs, s.coll, coll.Maps[s.name] = m, cache, coll.Programs, coll, m
	s.put = false
	return nil
}

// Attach puts the functions to work.
func (s *SkelStructOps[V]) Attach() error {
	m, err := s.get()
	if err != nil {
		return err
	}
	if s.registered || *s.link != nil {
		return s.failed(errors.New("already attached"))
	}
	if s.put && !s.linked { // a map that was registered cannot be once more
		if err := s.make(s.coll, s.cache); err != nil {
			return err
		}
		m.Close()
		m = s.Map
	}
	if !s.put {
		value, err := s.whole()
		if err == nil {
			err = m.Put(uint32(0), value)
		}
		if err != nil {
			return s.failed(fmt.Errorf("attach: %w", err))
		}
		s.put = true
	}
	if !s.linked {
		s.registered = true
		return nil
	}
	l, err := link.AttachStructOps(link.StructOpsOptions{Map: m})
	if err != nil {
		return s.failed(fmt.Errorf("attach: %w", err))
	}
	*s.link = l
	return nil
}

func (s *SkelStructOps[V]) due() bool {
	return s.Autoattach && s.Map != nil && !s.registered && *s.link == nil
}

// Detach takes the functions off. They may be attached again.
func (s *SkelStructOps[V]) Detach() {
	if *s.link != nil {
		(*s.link).Close()
		*s.link = nil
	}
	if s.registered {
		s.Map.Delete(uint32(0))
		s.registered = false
	}
}

// whole returns the value of the map as the kernel has it.
func (s *skelStruct) whole() ([]byte, error) {
	inner, start, size, err := skelKernelStruct(s.kind, s.cache)
	if err != nil {
		return nil, err
	}
	value := make([]byte, size)
	for _, m := range s.members {
		from := s.start()[m.offset:][:m.size]
		n := slices.IndexFunc(inner.Members, func(k btf.Member) bool { return k.Name == m.name })
		if n < 0 {
			if m.program != "" || slices.ContainsFunc(from, func(b byte) bool { return b != 0 }) {
				return nil, fmt.Errorf("struct %s: the kernel's has no member %s", s.kind, m.name)
			}
			continue
		}
		theirs := inner.Members[n]
		have, err := btf.Sizeof(theirs.Type)
		if err != nil || have != m.size || theirs.BitfieldSize != 0 {
			return nil, fmt.Errorf("struct %s: member %s: %d bytes, the kernel's has %d", s.kind, m.name, m.size, have)
		}
		to := value[start+theirs.Offset.Bytes():][:have]
		if p := s.progs[m.program]; p != nil {
			binary.NativeEndian.PutUint64(to, uint64(p.FD()))
		} else if m.program == "" {
			copy(to, from)
		}
	}
	return value, nil
}

// skelKernelStruct finds a struct of functions within the one around it: where it is there, and how
// long that is, in bytes.
func skelKernelStruct(kind string, cache *btf.Cache) (inner *btf.Struct, start, size uint32, err error) {
	var outer *btf.Struct
	kernel, err := cache.Kernel()
	if err != nil {
		return nil, 0, 0, err
	}
	name := "bpf_struct_ops_" + kind
	if err = kernel.TypeByName(name, &outer); errors.Is(err, btf.ErrNotFound) {
		modules, _ := cache.Modules()
		for _, m := range modules {
			if spec, failed := cache.Module(m); failed == nil {
				if err = spec.TypeByName(name, &outer); err == nil {
					break
				}
			}
		}
	}
	if err != nil {
		return nil, 0, 0, err
	}
	for _, m := range outer.Members {
		if inner, ok := m.Type.(*btf.Struct); ok && inner.Name == kind {
			return inner, m.Offset.Bytes(), outer.Size, nil
		}
	}
	return nil, 0, 0, fmt.Errorf("%s has no struct %s", name, kind)
}
