package mapcmd

import (
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/btfval"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A table is a map whose entries are read or written: its descriptor, and what
// its keys and values look like.
type table struct {
	fd   bpf.FD
	info bpf.MapInfo
	cpus int // values of each entry, or 0 if it has one that all CPUs share

	maps bool // the values are maps

	btf   bool         // the map has types, of whatever
	key   *btfval.Type // nil if it is not known
	value *btfval.Type
}

// newTable asks the kernel about the map behind fd.
func newTable(fd bpf.FD) (*table, error) {
	info, err := pick.MapInfo(fd)
	if err != nil {
		return nil, err
	}
	typ := names.MapType(info.Type).String()
	t := &table{fd: fd, info: info, maps: ofMaps(typ), btf: info.BTFID != 0}
	if perCPU(typ) {
		if t.cpus, err = bpf.PossibleCPUs(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// newShownTable is newTable for a map whose entries are to be shown: it reads the
// types of keys and values as well. If that fails the entries are shown in bytes.
func newShownTable(fd bpf.FD, talk *render.Talk) (*table, error) {
	t, err := newTable(fd)
	if err == nil {
		t.readTypes(talk)
	}
	return t, err
}

// readTypes reads the types of keys and values, and says so if it cannot.
func (t *table) readTypes(talk *render.Talk) {
	if err := t.compileTypes(); err != nil {
		talk.Warn("Warning: map %d is shown in bytes, since its types cannot be read: %v", t.info.ID, err)
		t.btf, t.key, t.value = false, nil, nil
	}
}

// typ returns the word for the type of the map.
func (t *table) typ() string { return names.MapType(t.info.Type).String() }

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

// compileTypes prepares the types of keys and values: the value's from the kernel's
// own types if the map is a struct_ops, of which the kernel knows the members.
func (t *table) compileTypes() error {
	if !t.btf {
		return nil
	}
	spec, err := t.spec()
	if err != nil {
		return fmt.Errorf("failed to get btf: %w", err)
	}
	valueType := t.info.ValueType
	if v := t.info.VmlinuxValueType; v != 0 {
		valueType = v
	}
	if t.key, err = compile(spec, t.info.KeyType, t.info.KeySize); err != nil {
		return fmt.Errorf("type of keys: %w", err)
	}
	if t.value, err = compile(spec, valueType, t.info.ValueSize); err != nil {
		return fmt.Errorf("type of values: %w", err)
	}
	return nil
}

// spec returns the types that the map was made with.
func (t *table) spec() (*btf.Spec, error) {
	if t.info.VmlinuxValueType == 0 {
		return pick.ReadBTF(t.info.BTFID)
	}
	spec, err := pick.ReadKernelBTF(t.info.VmlinuxID)
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

// stride is the distance between the values of two CPUs, in bytes.
func (t *table) stride() int { return (int(t.info.ValueSize) + 7) &^ 7 }

// valueLen is the number of bytes in which the kernel returns a value.
func (t *table) valueLen() int {
	if t.cpus > 0 {
		return t.stride() * t.cpus
	}
	return int(t.info.ValueSize)
}

// newKey returns room for a key. It is nil if the map has none.
func (t *table) newKey() []byte {
	if t.info.KeySize == 0 {
		return nil
	}
	return make([]byte, t.info.KeySize)
}
