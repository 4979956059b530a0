package attach

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
)

// Maps that programs have with <bpf/usdt.bpf.h>.
const (
	specsMap = "__bpf_usdt_specs"         // descriptions, by number
	addrsMap = "__bpf_usdt_ip_to_spec_id" // numbers, by address; for kernels before Linux 5.15
)

// usdtTables are the maps of an object that describe places.
type usdtTables struct {
	specs, addrs bpf.FD
	most         uint32 // descriptions
	layout       layout
}

func (a *Attacher) tables() (t usdtTables, err error) {
	specs, err := a.table(specsMap)
	if err != nil {
		return t, err
	}
	i := slices.IndexFunc(layouts, func(l layout) bool { return uint32(l.place) == specs.ValueSize })
	if i < 0 || specs.KeySize != 4 {
		return t, fmt.Errorf("map %s: keys of %d bytes and values of %d: not understood", specsMap, specs.KeySize, specs.ValueSize)
	}
	if layouts[i].indexed && binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		return t, fmt.Errorf("map %s: values of %d bytes: not understood on a big-endian machine", specsMap, specs.ValueSize)
	}
	addrs, err := a.table(addrsMap)
	if err == nil && (addrs.KeySize != 8 || addrs.ValueSize != 4) {
		err = fmt.Errorf("map %s: keys of %d bytes and values of %d, want 8 and 4", addrsMap, addrs.KeySize, addrs.ValueSize)
	}
	return usdtTables{specs.fd, addrs.fd, specs.MaxEntries, layouts[i]}, err
}

// A table is a map, and what the kernel says of it.
type table struct {
	fd bpf.FD
	bpf.MapInfo
}

func (a *Attacher) table(name string) (t table, err error) {
	fd, ok := a.maps(name)
	if !ok {
		return t, render.Hinted{
			Err:  fmt.Errorf("the object has no map %s", name),
			Hint: "programs of section usdt need what <bpf/usdt.bpf.h> defines",
		}
	}
	info, err := bpf.ReadMapInfo(fd)
	if err != nil {
		return t, fmt.Errorf("map %s: %w", name, err)
	}
	return table{fd, info}, nil
}

// describe puts descriptions of places into the map for them, and returns their numbers. Places whose arguments
// are alike share one.
func (a *Attacher) describe(t usdtTables, spots []spot) (ids []uint32, err error) {
	known := make(map[string]uint32)
	for _, s := range spots {
		id, ok := known[s.text]
		if !ok {
			id = a.specs
			if err := t.put(id, s); err != nil {
				return nil, err
			}
			known[s.text] = id
			a.specs++
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// put describes a place under a number.
func (t usdtTables) put(id uint32, s spot) error {
	if id >= t.most {
		return render.Hinted{
			Err:  fmt.Errorf("map %s: has room for %d descriptions of arguments: %w", specsMap, t.most, unix.E2BIG),
			Hint: "#define BPF_USDT_MAX_SPEC_CNT before <bpf/usdt.bpf.h> makes room for more",
		}
	}
	value, err := t.layout.encode(s.arguments, binary.NativeEndian)
	if err != nil {
		return err
	}
	return bpf.Update(t.specs, binary.NativeEndian.AppendUint32(nil, id), value, bpf.Any)
}

// putAddr lets programs find a description by the address at which they run, for there are no cookies.
func (t usdtTables) putAddr(m *image, s spot, id uint32) error {
	if m.elf.Type != elf.ET_EXEC {
		return errors.New("before Linux 5.15, only tracepoints of programs with addresses of their own (linked with -no-pie) can be told apart")
	}
	key := binary.NativeEndian.AppendUint64(nil, s.addr)
	if err := bpf.Update(t.addrs, key, binary.NativeEndian.AppendUint32(nil, id), bpf.NoExist); err != nil {
		return fmt.Errorf("map %s: address %#x: %w", addrsMap, s.addr, err)
	}
	return nil
}
