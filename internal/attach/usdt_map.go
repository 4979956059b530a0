package attach

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/usdt"
)

// usdtTables are the maps of an object that describe places.
type usdtTables struct {
	specs, addrs bpf.FD
	*usdt.Table
}

func (a *Attacher) findTables() (*usdtTables, error) {
	specs, specsSize, err := a.findTable(usdt.SpecsMap)
	if err != nil {
		return nil, err
	}
	addrs, addrsSize, err := a.findTable(usdt.AddrsMap)
	if err != nil {
		return nil, err
	}
	t, err := usdt.NewTable(specsSize, addrsSize)
	return &usdtTables{specs, addrs, t}, err
}

func (a *Attacher) findTable(name string) (fd bpf.FD, size usdt.MapSize, err error) {
	fd, ok := a.maps(name)
	if !ok {
		return fd, size, render.Hinted{
			Err:  fmt.Errorf("the object has no map %s", name),
			Hint: "programs of section usdt need what <bpf/usdt.bpf.h> defines",
		}
	}
	info, err := bpf.ReadMapInfo(fd)
	if err != nil {
		return fd, size, fmt.Errorf("map %s: %w", name, err)
	}
	return fd, usdt.MapSize{Key: info.KeySize, Value: info.ValueSize, Entries: info.MaxEntries}, nil
}

// describe puts descriptions of places into the map for them, and returns their numbers.
func (t *usdtTables) describe(spots []usdt.Place) (ids []uint32, err error) {
	for i := range spots {
		id, err := t.Number(spots[i].Arguments, func(id uint32, value []byte) error {
			return bpf.Update(t.specs, binary.NativeEndian.AppendUint32(nil, id), value, bpf.Any)
		})
		if errors.Is(err, unix.E2BIG) {
			return nil, render.Hinted{Err: err, Hint: "#define BPF_USDT_MAX_SPEC_CNT before <bpf/usdt.bpf.h> makes room for more"}
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// putAddr lets programs find a description by the address at which they run, for there are no cookies.
func (t *usdtTables) putAddr(s *usdt.Place, id uint32) error {
	addr, err := s.Addr()
	if err != nil {
		return err
	}
	key := binary.NativeEndian.AppendUint64(nil, addr)
	if err := bpf.Update(t.addrs, key, binary.NativeEndian.AppendUint32(nil, id), bpf.NoExist); err != nil {
		return fmt.Errorf("map %s: address %#x: %w", usdt.AddrsMap, addr, err)
	}
	return nil
}
