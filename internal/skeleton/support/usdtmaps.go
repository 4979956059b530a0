package support

//lint:file-ignore U1000 skeletons use it

// Uses: files links mapuse

import (
	"debug/elf"
	"errors"
	"fmt"
	"syscall"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/features"
	"github.com/cilium/ebpf/link"

	"github.com/gobpftool/gobpftool/internal/usdt"
)

// skelUSDTMaps are the maps by which programs find the arguments of user-space tracepoints.
type skelUSDTMaps struct {
	specs, addrs *SkelAnyMap // nil if the object does not have them
	table        *usdt.Table
}

// attach attaches a program to a tracepoint in a file, of one process or, if pid is 0, of all.
func (m *skelUSDTMaps) attach(prog *ebpf.Program, pid int, file, provider, name string) (link.Link, error) {
	path, err := skelFile(file)
	if err != nil {
		return nil, err
	}
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	places, err := usdt.Places(f, provider, name)
	if err != nil {
		return nil, fmt.Errorf("%s: tracepoint %s:%s: %w", path, provider, name, err)
	}
	ids, err := m.describe(places)
	if err != nil {
		return nil, err
	}
	in, err := link.OpenExecutable(path)
	if err != nil {
		return nil, err
	}
	l, err := skelProbeAll(in, prog, pid, places, ids)
	if !errors.Is(err, syscall.EINVAL) && !errors.Is(err, link.ErrNotSupported) {
		return l, err
	}
	// Before Linux 6.6, or if Load was told so, there is a link for each place.
	if l, second := m.probeEach(in, prog, pid, places, ids); !errors.Is(second, syscall.EINVAL) {
		return l, second
	}
	return nil, err
}

// describe puts descriptions of places into the map for them, and returns their numbers.
func (m *skelUSDTMaps) describe(places []usdt.Place) (ids []uint32, err error) {
	if m.specs == nil || m.addrs == nil {
		return nil, fmt.Errorf("the object has no maps %s and %s, which <bpf/usdt.bpf.h> defines", usdt.SpecsMap, usdt.AddrsMap)
	}
	specs, err := m.specs.get()
	if err != nil {
		return nil, err
	}
	addrs, err := m.addrs.get()
	if err != nil {
		return nil, err
	}
	if m.table == nil {
		size := func(of *ebpf.Map) usdt.MapSize {
			return usdt.MapSize{Key: of.KeySize(), Value: of.ValueSize(), Entries: of.MaxEntries()}
		}
		if m.table, err = usdt.NewTable(size(specs), size(addrs)); err != nil {
			return nil, err
		}
	}
	for i := range places {
		id, err := m.table.Number(places[i].Arguments, func(id uint32, value []byte) error {
			return specs.Update(id, value, ebpf.UpdateAny)
		})
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// skelProbeAll attaches a program by one link. Programs find descriptions by what the link says of places.
func skelProbeAll(in *link.Executable, prog *ebpf.Program, pid int, places []usdt.Place, ids []uint32) (link.Link, error) {
	options := &link.UprobeMultiOptions{PID: uint32(pid)}
	for i := range places {
		options.Addresses = append(options.Addresses, places[i].Offset)
		options.RefCtrOffsets = append(options.RefCtrOffsets, places[i].Semaphore)
		options.Cookies = append(options.Cookies, uint64(ids[i]))
	}
	return in.UprobeMulti(nil, prog, options)
}

// probeEach attaches a program by a link for each place.
func (m *skelUSDTMaps) probeEach(in *link.Executable, prog *ebpf.Program, pid int, places []usdt.Place, ids []uint32) (link.Link, error) {
	cookies := features.HaveProgramHelper(ebpf.Kprobe, asm.FnGetAttachCookie) == nil
	var list []link.Link
	for i := range places {
		options := &link.UprobeOptions{Address: places[i].Offset, RefCtrOffset: places[i].Semaphore, PID: pid}
		var err error
		if cookies {
			options.Cookie = uint64(ids[i])
		} else {
			err = m.putAddr(&places[i], ids[i])
		}
		var l link.Link
		if err == nil {
			l, err = in.Uprobe("", prog, options)
		}
		if err != nil {
			skelJoin(list).Close()
			return nil, fmt.Errorf("at offset %#x: %w", places[i].Offset, err)
		}
		list = append(list, l)
	}
	return skelJoin(list), nil
}

// putAddr lets programs find a description by the address at which they run, for there are no cookies.
func (m *skelUSDTMaps) putAddr(place *usdt.Place, id uint32) error {
	addr, err := place.Addr()
	if err != nil {
		return err
	}
	var known uint32
	if err := m.addrs.Lookup(addr, &known); err == nil && known == id {
		return nil
	}
	return m.addrs.failed(m.addrs.Update(addr, id, ebpf.UpdateNoExist))
}

// skelProbeMany has a program loaded so that one link attaches it to many places, where kernels have such links.
func skelProbeMany(programs map[string]*ebpf.ProgramSpec, name string) {
	p := programs[name]
	if p == nil || p.AttachType != ebpf.AttachNone || features.HaveBPFLinkUprobeMulti() != nil {
		return
	}
	p = p.Copy()
	p.AttachType = ebpf.AttachTraceUprobeMulti
	programs[name] = p
}
