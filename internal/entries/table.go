// Package entries reads the entries of maps and shows them, and knows what can be
// done with maps of each type.
package entries

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Table is a map whose entries are read or written: its descriptor, and what
// its keys and values look like.
type Table struct {
	FD   bpf.FD
	Info bpf.MapInfo
	CPUs int // values of each entry, or 0 if it has one that all CPUs share

	Maps bool // the values are maps

	BTF   bool         // the map has types, of whatever
	Key   *btfval.Type // nil if it is not known, or not read yet
	Value *btfval.Type
}

// NewTable asks the kernel about the map behind fd.
func NewTable(fd bpf.FD) (*Table, error) {
	info, err := pick.MapInfo(fd)
	if err != nil {
		return nil, err
	}
	typ := names.MapType(info.Type).String()
	t := &Table{FD: fd, Info: info, Maps: ofMaps(typ), BTF: info.BTFID != 0}
	if perCPU(typ) {
		if t.CPUs, err = bpf.PossibleCPUs(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// NewShownTable is NewTable for a map whose entries are to be shown: it reads the
// types of keys and values as well. If that fails the entries are shown in bytes.
func NewShownTable(fd bpf.FD, talk *render.Talk) (*Table, error) {
	t, err := NewTable(fd)
	if err == nil {
		t.ReadTypes(talk)
	}
	return t, err
}

// ReadTypes reads the types of keys and values, and says so if it cannot.
func (t *Table) ReadTypes(talk *render.Talk) {
	if err := t.CompileTypes(); err != nil {
		talk.Warn("Warning: map %d is shown in bytes, since its types cannot be read: %v", t.Info.ID, err)
		t.BTF, t.Key, t.Value = false, nil, nil
	}
}

// Type returns the word for the type of the map.
func (t *Table) Type() string { return names.MapType(t.Info.Type).String() }

// perCPU reports whether maps of a type have a value for each CPU.
func perCPU(typ string) bool {
	switch typ {
	case "percpu_hash", "percpu_array", "lru_percpu_hash", "percpu_cgroup_storage":
		return true
	}
	return false
}

// ofMaps reports whether maps of a type have maps in them.
func ofMaps(typ string) bool { return typ == "array_of_maps" || typ == "hash_of_maps" }

// CompileTypes prepares the types of keys and values: the value's from the kernel's
// own types if the map is a struct_ops, of which the kernel knows the members.
func (t *Table) CompileTypes() error {
	if !t.BTF || t.Key != nil || t.Value != nil {
		return nil
	}
	spec, err := t.spec()
	if err != nil {
		return fmt.Errorf("failed to get btf: %w", err)
	}
	valueType := t.Info.ValueType
	if v := t.Info.VmlinuxValueType; v != 0 {
		valueType = v
	}
	if t.Key, err = compile(spec, t.Info.KeyType, t.Info.KeySize); err != nil {
		return fmt.Errorf("type of keys: %w", err)
	}
	if t.Value, err = compile(spec, valueType, t.Info.ValueSize); err != nil {
		return fmt.Errorf("type of values: %w", err)
	}
	return nil
}

// spec returns the types that the map was made with.
func (t *Table) spec() (*btf.Spec, error) {
	if t.Info.VmlinuxValueType == 0 {
		return pick.ReadBTF(t.Info.BTFID)
	}
	spec, err := pick.ReadKernelBTF(t.Info.VmlinuxID)
	if err != nil {
		return nil, fmt.Errorf("failed to get kernel btf: %w", err)
	}
	return spec, nil
}

// compile prepares a type for printing values of size bytes. It is nil for the
// type 0, which stands for none.
func compile(spec *btf.Spec, id, size uint32) (*btfval.Type, error) {
	if id == 0 {
		return nil, nil
	}
	typ, err := btfval.Compile(spec, btf.ID(id))
	if err != nil {
		return nil, err
	}
	if typ.Size() > int(size) {
		return nil, fmt.Errorf("%d bytes, but the map has %d", typ.Size(), size)
	}
	return typ, nil
}

// Stride is the distance between the values of two CPUs, in bytes.
func (t *Table) Stride() int { return (int(t.Info.ValueSize) + 7) &^ 7 }

// ValueLen is the number of bytes in which the kernel returns a value.
func (t *Table) ValueLen() int {
	if t.CPUs > 0 {
		return t.Stride() * t.CPUs
	}
	return int(t.Info.ValueSize)
}

// NewKey returns room for a key. It is nil if the map has none.
func (t *Table) NewKey() []byte {
	if t.Info.KeySize == 0 {
		return nil
	}
	return make([]byte, t.Info.KeySize)
}

// EveryCPU returns the values of all CPUs, each of which is the given one.
func (t *Table) EveryCPU(one []byte) []byte {
	all := make([]byte, t.ValueLen())
	for cpu := range t.CPUs {
		copy(all[cpu*t.Stride():], one)
	}
	return all
}
