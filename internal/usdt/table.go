package usdt

import (
	"encoding/binary"
	"fmt"
	"slices"
	"syscall"
)

// Maps that programs have with <bpf/usdt.bpf.h>.
const (
	SpecsMap = "__bpf_usdt_specs"         // descriptions, by number
	AddrsMap = "__bpf_usdt_ip_to_spec_id" // numbers, by address; for kernels before Linux 5.15
)

// A Table has account of what the maps of an object say of places.
type Table struct {
	shape layout
	most  uint32            // descriptions
	ids   map[string]uint32 // numbers of descriptions
}

// A MapSize is the size of keys and values of a map, in bytes, and how many it may have.
type MapSize struct{ Key, Value, Entries uint32 }

// NewTable returns the table of an object whose maps have nothing in them yet.
func NewTable(specs, addrs MapSize) (*Table, error) {
	i := slices.IndexFunc(layouts, func(l layout) bool {
		return uint32(l.place) == specs.Value
	})
	if i < 0 || specs.Key != 4 {
		return nil, fmt.Errorf("map %s: keys of %d bytes and values of %d: not understood", SpecsMap, specs.Key, specs.Value)
	}
	if layouts[i].indexed && binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		return nil, fmt.Errorf("map %s: values of %d bytes: not understood on a big-endian machine", SpecsMap, specs.Value)
	}
	if addrs.Key != 8 || addrs.Value != 4 {
		return nil, fmt.Errorf("map %s: keys of %d bytes and values of %d, want 8 and 4", AddrsMap, addrs.Key, addrs.Value)
	}
	return &Table{shape: layouts[i], most: specs.Entries, ids: make(map[string]uint32)}, nil
}

// Number returns the number under which programs find where arguments are. What is not in the map yet, put puts
// there. Places whose arguments are alike share a number.
//
// The error is E2BIG if there is no room.
func (t *Table) Number(list []Argument, put func(id uint32, value []byte) error) (uint32, error) {
	value, err := t.shape.encode(list, binary.NativeEndian)
	if err != nil {
		return 0, err
	}
	id, ok := t.ids[string(value)]
	if ok {
		return id, nil
	}
	if id = uint32(len(t.ids)); id >= t.most {
		return 0, fmt.Errorf("map %s: has room for %d descriptions of arguments: %w", SpecsMap, t.most, syscall.E2BIG)
	}
	if err := put(id, value); err != nil {
		return 0, fmt.Errorf("map %s: %w", SpecsMap, err)
	}
	t.ids[string(value)] = id
	return id, nil
}
