package main

import (
	"encoding/binary"
	"fmt"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
)

// How many entries the maps have that the tools dump, and how large those are.
const (
	entries       = 1_000_000
	perCPUEntries = 100_000
	chunk         = 10_000 // entries written at once
	valueSize     = 16     // bytes; keys have 4
)

// counters is the type of values of the map that has types.
func counters() *btf.Struct {
	number := &btf.Int{Name: "unsigned int", Size: 4}
	s := &btf.Struct{Name: "counters", Size: valueSize}
	for i, name := range []string{"packets", "bytes", "drops", "last_seen"} {
		s.Members = append(s.Members, btf.Member{Name: name, Type: number, Offset: btf.Bits(32 * i)})
	}
	return s
}

// addTables adds maps with many entries, under the names by which rows dump them.
func (p *population) addTables() error {
	table := ebpf.MapSpec{Type: ebpf.Hash, KeySize: 4, ValueSize: valueSize, MaxEntries: entries}
	typed := table
	typed.Key, typed.Value = &btf.Int{Name: "unsigned int", Size: 4}, counters()
	perCPU := table
	perCPU.Type, perCPU.MaxEntries = ebpf.PerCPUHash, perCPUEntries
	for name, spec := range map[string]*ebpf.MapSpec{"bench_bytes": &table, "bench_struct": &typed, "bench_percpu": &perCPU} {
		spec.Name = name
		if err := p.addTable(spec); err != nil {
			return fmt.Errorf("map %s: %w", name, err)
		}
	}
	return nil
}

// addTable makes a map and fills it.
func (p *population) addTable(spec *ebpf.MapSpec) error {
	m, err := ebpf.NewMap(spec)
	if err != nil {
		return err
	}
	p.objects = append(p.objects, m)
	cpus := 1
	if spec.Type == ebpf.PerCPUHash {
		if cpus, err = ebpf.PossibleCPU(); err != nil {
			return err
		}
	}
	keys, values := make([]uint32, chunk), make([][valueSize]byte, chunk*cpus)
	for first := 0; first < int(spec.MaxEntries); first += chunk {
		for i := range keys {
			keys[i] = uint32(first + i)
		}
		for i := range values {
			for at := 0; at < valueSize; at += 4 {
				// Numbers of all lengths, the same in each run.
				binary.NativeEndian.PutUint32(values[i][at:], uint32(first+i)*(2654435761+uint32(at)))
			}
		}
		if _, err := m.BatchUpdate(keys, values, nil); err != nil {
			return err
		}
	}
	return nil
}
