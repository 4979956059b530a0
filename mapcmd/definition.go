package mapcmd

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Definition is the first line of an exported map: what a map like it is made of.
type Definition struct {
	Format     string        `json:"format"`     // exportFormat
	Order      string        `json:"byte_order"` // little or big
	Type       names.MapType `json:"type"`
	Name       string        `json:"name,omitempty"`
	Flags      uint32        `json:"flags"`
	KeySize    uint32        `json:"bytes_key"`
	ValueSize  uint32        `json:"bytes_value"`
	MaxEntries uint32        `json:"max_entries"`
	Extra      uint64        `json:"map_extra,omitempty"`
	KeyType    uint32        `json:"btf_key_type_id,omitempty"`
	ValueType  uint32        `json:"btf_value_type_id,omitempty"`
	BTF        []byte        `json:"btf,omitempty"` // all types of the map, in base64
}

// exportFormat is the format of exported maps, with its version.
const exportFormat = "gobpftool map 1"

// portable are the types of maps whose entries mean the same in another map.
var portable = []string{
	"hash", "array", "percpu_hash", "percpu_array", "lru_hash", "lru_percpu_hash", "lpm_trie", "rhash",
	"devmap", "devmap_hash", "cpumap",
}

// checkPortable refuses maps whose entries mean something else in another map, or
// nothing.
func (t *table) checkPortable() error {
	typ := t.Type()
	switch {
	case !slices.Contains(portable, typ):
		return fmt.Errorf("the entries of %s belong to this one: they cannot be exported or imported", entries.WithArticle(typ))
	case t.Info.ValueSize > 4 && (typ == "devmap" || typ == "devmap_hash" || typ == "cpumap"):
		return fmt.Errorf("the entries of map %d have programs, which belong to this kernel: they cannot be exported or imported", t.Info.ID)
	}
	return nil
}

// definition describes a map like this one.
func (t *table) definition() (*Definition, error) {
	i := &t.Info
	d := &Definition{
		Format: exportFormat, Order: byteOrder(), Type: names.MapType(i.Type), Name: i.Name(), Flags: i.Flags,
		KeySize: i.KeySize, ValueSize: i.ValueSize, MaxEntries: i.MaxEntries, Extra: i.Extra,
	}
	d.Flags &^= unix.BPF_F_NUMA_NODE // the kernel does not tell which one it is
	if typ := t.Type(); typ == "devmap" || typ == "devmap_hash" {
		d.Flags &^= unix.BPF_F_RDONLY_PROG // which the kernel adds, and takes from nobody
	}
	if !t.BTF {
		return d, nil
	}
	fd, err := bpf.Open(bpf.BTF, i.BTFID)
	if err != nil {
		return nil, fmt.Errorf("types of map %d: %w", i.ID, err)
	}
	defer fd.Close()
	d.KeyType, d.ValueType = i.KeyType, i.ValueType
	if _, d.BTF, err = bpf.ReadBTF(fd); err != nil {
		return nil, fmt.Errorf("types of map %d: %w", i.ID, err)
	}
	return d, nil
}

// byteOrder is the order of the bytes of numbers on this machine.
func byteOrder() string {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return "little"
	}
	return "big"
}

// create makes a map of the definition. It belongs to the caller.
func (d *Definition) create() (bpf.FD, error) {
	s := bpf.MapSpec{
		Type: uint32(d.Type), Name: d.Name, Flags: d.Flags,
		KeySize: d.KeySize, ValueSize: d.ValueSize, MaxEntries: d.MaxEntries, Extra: d.Extra,
	}
	if d.BTF != nil {
		types, err := bpf.LoadBTF(d.BTF, 0, nil)
		if err != nil {
			return 0, fmt.Errorf("types of the map: %w", err)
		}
		defer types.Close()
		s.BTF, s.KeyType, s.ValueType = types, d.KeyType, d.ValueType
	}
	fd, err := bpf.CreateMap(s)
	if err != nil {
		return 0, fmt.Errorf("map create failed: %w", err)
	}
	return fd, nil
}

// check refuses to read entries of a map of the definition into another one whose keys
// or values are of other sizes.
func (d *Definition) check(t *table) error {
	if d.KeySize != t.Info.KeySize || d.ValueSize != t.Info.ValueSize {
		return fmt.Errorf("keys of %d bytes and values of %d, but map %d has keys of %d and values of %d",
			d.KeySize, d.ValueSize, t.Info.ID, t.Info.KeySize, t.Info.ValueSize)
	}
	return nil
}
