package every

import (
	"errors"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// filled is what the function fill of the object makes.
func filled(seed uint32) EveryRecord {
	r := EveryRecord{
		First: uint8(seed), Second: uint64(seed) << 40, Third: uint16(seed + 1), Color: EveryBlue,
		Odd: corner(uint8(seed), 0x10000+seed), Pointer: 0xffff000000000000 + uint64(seed), Yes: seed&1 != 0,
	}
	r.SetLow(uint8(seed & 7))
	r.SetHigh(uint8((seed + 3) & 31))
	r.SetHalves(EveryRecordHalves{Lower: uint16(seed), Upper: uint16(^seed)})
	r.Name[0], r.Name[1] = byte('a'+seed%26), '!'
	r.SetMinus(-int32(seed % 200))
	r.List[2] = uint16(seed)
	return r
}

func corner(x uint8, y uint32) (p EveryPoint) {
	p.X = x
	p.SetY(y)
	return p
}

// must fails the test at once.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// want compares what was read with what it should be.
func want[T comparable](t *testing.T, what string, want T) func(T, error) {
	return func(got T, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", what, got, err, want)
		}
	}
}

func open(t *testing.T) *Every {
	t.Helper()
	s, err := OpenEvery()
	must(t, err)
	t.Cleanup(s.Close)
	return s
}

func load(t *testing.T) *Every {
	t.Helper()
	fixture.Need(t, fixture.Root, fixture.BPF)
	s := open(t)
	must(t, s.Load())
	return s
}

// run runs a program on one processor, and returns what it returns.
func run(t *testing.T, p *ebpf.Program) uint32 {
	t.Helper()
	status, err := p.Run(&ebpf.RunOptions{Data: make([]byte, 64)})
	must(t, err)
	return status
}

// perCPU returns a value for each processor.
func perCPU[V any](value func(cpu int) V) []V {
	var list []V
	for cpu := range ebpf.MustPossibleCPU() {
		list = append(list, value(cpu))
	}
	return list
}

// TestWriteEntries has a program look at what was written into maps.
func TestWriteEntries(t *testing.T) {
	s := load(t)
	must(t, s.Maps.Hash.Update(2, filled(11)))
	must(t, s.Maps.Array.Update(2, filled(12)))
	must(t, s.Maps.LruHash.Update(1<<33, filled(13)))
	must(t, s.Maps.PercpuHash.Update(corner(3, 4), perCPU(func(cpu int) EveryRecord { return filled(14 + uint32(cpu)) })))
	must(t, s.Maps.PercpuArray.Update(2, perCPU(func(cpu int) uint32 { return 15 + uint32(cpu) })))
	must(t, s.Maps.LruPercpuHash.Update(2, perCPU(func(cpu int) uint64 { return 1<<50 + uint64(cpu) })))
	address := EveryPrefix{Bits: 32, Address: [4]uint8{10, 1, 2, 3}}
	must(t, s.Maps.LpmTrie.Update(address, EveryBlue))
	must(t, s.Maps.Queue.Push(filled(18)))
	must(t, s.Maps.Stack.Push(corner(1, 1)))
	must(t, s.Maps.Stack.Push(corner(19, 0x190000)))
	must(t, s.Maps.Bloom.Add(address))
	inner, err := s.Maps.ArrayOfMaps.New()
	must(t, err)
	defer inner.Close()
	must(t, inner.Update(2, filled(22)))
	must(t, s.Maps.ArrayOfMaps.Update(1, inner.Map))
	counters, err := s.Maps.HashOfMaps.New()
	must(t, err)
	defer counters.Close()
	must(t, counters.Update(0, perCPU(func(cpu int) uint64 { return 23 + uint64(cpu) })))
	must(t, s.Maps.HashOfMaps.Update(corner(3, 4), counters.Map))
	if n := run(t, s.Progs.Entries.Program); n != 0 {
		t.Errorf("the entry that is check number %d of the program is not what was written", n)
	}
	if _, err := s.Maps.Queue.Pop(); !errors.Is(err, ebpf.ErrKeyNotExist) {
		t.Errorf("the program took nothing from the queue: %v", err)
	}
}

// TestReadEntries reads what a program writes into maps.
func TestReadEntries(t *testing.T) {
	s := load(t)
	inner, err := s.Maps.ArrayOfMaps.New()
	must(t, err)
	defer inner.Close()
	must(t, s.Maps.ArrayOfMaps.Update(1, inner.Map))
	run(t, s.Progs.Fills.Program)
	want(t, "hash", filled(41))(s.Maps.Hash.Lookup(3))
	want(t, "array", filled(42))(s.Maps.Array.Lookup(3))
	want(t, "lru_hash", filled(43))(s.Maps.LruHash.Lookup(7))
	want(t, "lpm_trie", EveryGreen)(s.Maps.LpmTrie.Lookup(EveryPrefix{Bits: 24, Address: [4]uint8{10, 2, 9}}))
	want(t, "queue", filled(48))(s.Maps.Queue.Peek())
	want(t, "queue", filled(48))(s.Maps.Queue.Pop())
	want(t, "stack", corner(5, 6))(s.Maps.Stack.Pop())
	want(t, "bloom", true)(s.Maps.Bloom.Has(EveryPrefix{Bits: 16, Address: [4]uint8{10, 2}}))
	want(t, "bloom", false)(s.Maps.Bloom.Has(EveryPrefix{Bits: 17, Address: [4]uint8{10, 2}}))
	got, err := s.Maps.ArrayOfMaps.Lookup(1)
	must(t, err)
	defer got.Close()
	want(t, "array_of_maps", filled(52))(got.Lookup(3))
	records, err := s.Maps.PercpuHash.Lookup(corner(5, 6))
	must(t, err)
	if !slices.Contains(records, filled(44)) || len(records) != ebpf.MustPossibleCPU() {
		t.Errorf("percpu_hash: got %v", records)
	}
	numbers, err := s.Maps.LruPercpuHash.Lookup(3)
	must(t, err)
	if !slices.Contains(numbers, 1<<60) {
		t.Errorf("lru_percpu_hash: got %v", numbers)
	}
}

// TestMissing looks for what is not there.
func TestMissing(t *testing.T) {
	s := load(t)
	_, err := s.Maps.Hash.Lookup(1)
	_, perCPU := s.Maps.PercpuHash.Lookup(corner(1, 1))
	_, nested := s.Maps.ArrayOfMaps.Lookup(0)
	_, popped := s.Maps.Queue.Pop()
	for i, err := range []error{err, perCPU, nested, popped, s.Maps.Hash.Delete(1), s.Maps.PercpuHash.Delete(corner(1, 1)), s.Maps.HashOfMaps.Delete(corner(1, 1))} {
		if !errors.Is(err, ebpf.ErrKeyNotExist) || !strings.HasPrefix(err.Error(), "map ") {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// TestMany reads and writes many entries at once.
func TestMany(t *testing.T) {
	s := load(t)
	entries := make(map[uint32]EveryRecord)
	var keys []uint32
	var values []EveryRecord
	for i := range uint32(900) {
		entries[i] = filled(i)
		keys, values = append(keys, i), append(values, filled(i))
	}
	want(t, "update", 900)(s.Maps.Hash.UpdateBatch(keys, values))
	if got := maps.Collect(s.Maps.Hash.All()); !maps.Equal(got, entries) || s.Maps.Hash.Err() != nil {
		t.Errorf("all: %d entries, %v", len(got), s.Maps.Hash.Err())
	}
	n := 0
	for range s.Maps.Hash.All() {
		if n++; n == 5 {
			break
		}
	}
	if n != 5 {
		t.Errorf("%d rounds", n)
	}
	var cursor ebpf.MapBatchCursor
	keys, values = make([]uint32, 2000), make([]EveryRecord, 2000)
	n, err := s.Maps.Hash.LookupBatch(&cursor, keys, values)
	if n != 900 || !errors.Is(err, ebpf.ErrKeyNotExist) || values[899] != filled(keys[899]) {
		t.Errorf("lookup: %d, %v", n, err)
	}
	want(t, "delete", 100)(s.Maps.Hash.DeleteBatch(keys[:100]))
	want(t, "lookup and delete", filled(keys[100]))(s.Maps.Hash.LookupAndDelete(keys[100]))
	if got := maps.Collect(s.Maps.Hash.All()); len(got) != 799 {
		t.Errorf("%d entries are left", len(got))
	}
}

// TestFew reads the entries of maps that do not give many at once.
func TestFew(t *testing.T) {
	s := load(t)
	want(t, "update", 2)(s.Maps.LruPercpuHash.UpdateBatch([]uint32{1, 2}, append(perCPU(func(cpu int) uint64 { return uint64(cpu) }), perCPU(func(cpu int) uint64 { return 100 + uint64(cpu) })...)))
	got := maps.Collect(s.Maps.LruPercpuHash.All())
	if len(got) != 2 || got[1][0] != 0 || got[2][1] != 101 || s.Maps.LruPercpuHash.Err() != nil {
		t.Errorf("lru_percpu_hash: %v, %v", got, s.Maps.LruPercpuHash.Err())
	}
	address := EveryPrefix{Bits: 8, Address: [4]uint8{10}}
	must(t, s.Maps.LpmTrie.Update(address, EveryRed))
	if got := maps.Collect(s.Maps.LpmTrie.All()); len(got) != 1 || got[address] != EveryRed {
		t.Errorf("lpm_trie: %v, %v", got, s.Maps.LpmTrie.Err())
	}
	must(t, s.Maps.LruPercpuHash.UpdateWithFlags(3, perCPU(func(cpu int) uint64 { return 7 }), ebpf.UpdateNoExist))
	if err := s.Maps.LruPercpuHash.UpdateWithFlags(3, nil, ebpf.UpdateNoExist); !errors.Is(err, ebpf.ErrKeyExist) {
		t.Errorf("a key that is there: %v", err)
	}
	if list, err := s.Maps.LruPercpuHash.LookupAndDelete(3); err != nil || len(list) != ebpf.MustPossibleCPU() || list[0] != 7 {
		t.Errorf("lookup and delete: %v, %v", list, err)
	}
	want(t, "delete", 2)(s.Maps.LruPercpuHash.DeleteBatch([]uint32{1, 2}))
	for range s.Maps.StackTrace.All() {
		t.Error("stack_trace has an entry")
	}
	if err := s.Maps.StackTrace.Err(); err != nil {
		t.Error(err)
	}
}

// TestVariables writes variables before and after they are loaded, and has a program look at them.
func TestVariables(t *testing.T) {
	s := open(t)
	constant, err := s.Rodata.Constant.Get()
	if err != nil || constant.First != 7 || constant.NameString() != "constant" {
		t.Errorf("constant starts as %v, %v", constant, err)
	}
	want(t, "limit", uint32(3))(s.Rodata.Limit.Get())
	want(t, "painted", EveryBlue)(s.DataColors.Painted.Get())
	want(t, "place", corner(1, 2))(s.RodataPlaces.Place.Get())
	want(t, "unseen", uint16(9))(s.Data.Unseen.Get())
	must(t, s.Rodata.Constant.Set(filled(31)))
	must(t, s.Rodata.Limit.Set(1234567))
	must(t, s.Data.Written.Set(filled(33)))
	must(t, s.DataColors.Painted.Set(EveryGreen))
	must(t, s.RodataPlaces.Place.Set(corner(200, 0xfedcba98)))
	must(t, s.Data.Unseen.Set(999))
	must(t, s.Data.Type.Set(101))
	must(t, s.Data.Func.Set(102))
	must(t, s.Data.Maps.Set(103))
	must(t, s.Data.Load.Set(104))
	want(t, "limit", uint32(1234567))(s.Rodata.Limit.Get())
	fixture.Need(t, fixture.Root, fixture.BPF)
	must(t, s.Load())
	must(t, s.Data.S.Set(105))
	must(t, s.Data.String.Set(106))
	must(t, s.Data.Text.Set([16]byte{'G', 'o'}))
	must(t, s.Bss.Zero.Set(filled(34)))
	must(t, s.Bss.Counted.Set(1))
	if n := run(t, s.Progs.Variables.Program); n != 0 {
		t.Errorf("the variable that is check number %d of the program is not what was written", n)
	}
	want(t, "limit", uint32(1234567))(s.Rodata.Limit.Get())
	if err := s.Rodata.Limit.Set(1); !errors.Is(err, ebpf.ErrReadOnly) {
		t.Errorf("a constant was written: %v", err)
	}
	run(t, s.Progs.Fills.Program)
	want(t, "written", filled(63))(s.Data.Written.Get())
	want(t, "zero", filled(64))(s.Bss.Zero.Get())
	want(t, "painted", EveryBlue)(s.DataColors.Painted.Get())
	want(t, "counted", uint64(1<<63))(s.Bss.Counted.Get())
	want(t, "unseen", uint16(60000))(s.Data.Unseen.Get())
}

// TestRecords reads what a program sends.
func TestRecords(t *testing.T) {
	s := load(t)
	ring, err := EveryRead[EveryRecord](&s.Maps.Ringbuf)
	must(t, err)
	defer ring.Close()
	events, err := EveryReadPerf[EveryRecord](&s.Maps.Events, os.Getpagesize())
	must(t, err)
	defer events.Close()
	run(t, s.Progs.Fills.Program)
	deadline := time.Now().Add(10 * time.Second)
	ring.SetDeadline(deadline)
	events.SetDeadline(deadline)
	want(t, "ringbuf", filled(55))(ring.Read())
	want(t, "events", filled(56))(events.Read())
	run(t, s.Progs.Fills.Program)
	for record, err := range ring.All() {
		want(t, "ringbuf", filled(55))(record, err)
		ring.Close() // ends the loop
	}
	long, err := EveryRead[[1000]byte](&s.Maps.Ringbuf)
	must(t, err)
	defer long.Close()
	run(t, s.Progs.Fills.Program)
	long.SetDeadline(deadline)
	if _, err := long.Read(); err == nil || err.Error() != "map ringbuf: a record of 64 bytes, want 1000" {
		t.Errorf("a record that is too short: %v", err)
	}
}

// onFirstCPU keeps the test on one processor, until it ends.
func onFirstCPU(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	var before, first unix.CPUSet
	must(t, unix.SchedGetaffinity(0, &before))
	first.Set(0)
	must(t, unix.SchedSetaffinity(0, &first))
	t.Cleanup(func() {
		unix.SchedSetaffinity(0, &before)
		runtime.UnlockOSThread()
	})
}

// TestLost tells how many records were not read in time.
func TestLost(t *testing.T) {
	s := load(t)
	events, err := EveryReadPerf[EveryRecord](&s.Maps.Events, os.Getpagesize())
	must(t, err)
	defer events.Close()
	onFirstCPU(t)
	for range 1000 {
		run(t, s.Progs.Fills.Program)
	}
	events.SetDeadline(time.Now().Add(10 * time.Second))
	for range 1000 {
		_, err := events.Read()
		run(t, s.Progs.Fills.Program) // the kernel tells when there is room again
		if lost, ok := errors.AsType[EveryLost](err); ok {
			if lost == 0 || !strings.HasSuffix(err.Error(), "records lost") {
				t.Error(err)
			}
			return
		}
		must(t, err)
	}
	t.Error("none is said to be lost")
}

// TestTails puts a program into a map.
func TestTails(t *testing.T) {
	s := load(t)
	want(t, "before", uint32(1))(run(t, s.Progs.Calls.Program), nil)
	must(t, s.Maps.Tails.Update(1, s.Progs.Tail.Program))
	want(t, "with it", uint32(77))(run(t, s.Progs.Calls.Program), nil)
	must(t, s.Maps.Tails.Delete(1))
	want(t, "without it", uint32(1))(run(t, s.Progs.Calls.Program), nil)
}

// TestSteps takes each step alone, and at the wrong time.
func TestSteps(t *testing.T) {
	s := open(t)
	if _, err := s.Maps.Hash.Lookup(1); err == nil || err.Error() != "map hash: not loaded" {
		t.Errorf("lookup before load: %v", err)
	}
	if err := s.Progs.Tail.Attach(1); err == nil || err.Error() != "program tail: not loaded" {
		t.Errorf("attach before load: %v", err)
	}
	if err := s.Attach(); err == nil || err.Error() != "attach every: not loaded" {
		t.Errorf("attach of the whole before load: %v", err)
	}
	s.Maps.Hash.Spec.MaxEntries = 17
	s.Progs.Variables.Autoload = false
	fixture.Need(t, fixture.Root, fixture.BPF)
	must(t, s.Load())
	if n := s.Maps.Hash.MaxEntries(); n != 17 {
		t.Errorf("the map has %d entries", n)
	}
	if s.Progs.Variables.Program != nil || s.Progs.Entries.Program == nil {
		t.Error("a program was loaded that was not to be, or the other way round")
	}
	if err := s.Load(); err == nil || err.Error() != "load every: loaded already" {
		t.Errorf("loaded twice: %v", err)
	}
	must(t, s.Progs.Tail.Attach(1)) // lo
	if s.Links.Tail == nil {
		t.Error("no link")
	}
	if err := s.Progs.Tail.Attach(1); err == nil || err.Error() != "program tail: already attached" {
		t.Errorf("attached twice: %v", err)
	}
	s.Progs.Tail.Detach()
	must(t, s.Progs.Tail.Attach(1))
	s.Detach()
	must(t, s.Progs.Tail.Attach(1))
	must(t, s.Bss.Counted.Set(5))
	s.Close()
	if _, err := s.Maps.Hash.Lookup(1); err == nil || err.Error() != "map hash: not loaded" {
		t.Errorf("lookup after close: %v", err)
	}
	want(t, "a variable after close", uint64(0))(s.Bss.Counted.Get())
	must(t, s.Load())
	must(t, s.Maps.Hash.Update(1, filled(1)))
	s.Close()
	wrong := open(t)
	wrong.Maps.Hash.Spec.ValueSize = 8
	wrong.Maps.Hash.Spec.Value = nil
	wrong.Progs.Entries.Autoload, wrong.Progs.Fills.Autoload = false, false
	if err := wrong.Load(); err == nil || err.Error() != "load every: map hash: values of 8 bytes, want 64" {
		t.Errorf("values of another size: %v", err)
	}
	if wrong.Maps.Array.Map != nil {
		t.Error("a map of what was not loaded is left")
	}
}

func TestColor(t *testing.T) {
	for color, text := range map[EveryColor]string{EveryBlue: "BLUE", EveryGreen: "GREEN", 3: "3"} {
		if got := color.String(); got != text {
			t.Errorf("%d is %q, want %q", int32(color), got, text)
		}
	}
}
