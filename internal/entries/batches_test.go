package entries

import (
	"encoding/binary"
	"errors"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// fill makes a map with entries: keys count from 0, and so do values.
func fill(t *testing.T, typ string, valueSize, entries uint32) *Table {
	t.Helper()
	fixture.Need(t, fixture.BPF, fixture.Isolation)
	number, _ := names.ParseMapType(typ)
	fd, err := bpf.CreateMap(bpf.MapSpec{Type: uint32(number), KeySize: 4, ValueSize: valueSize, MaxEntries: entries})
	check(t, err)
	t.Cleanup(fd.Close)
	tab, err := NewTable(fd)
	check(t, err)
	key, value := make([]byte, 4), make([]byte, tab.ValueLen())
	for i := range entries {
		binary.NativeEndian.PutUint32(key, i)
		binary.NativeEndian.PutUint32(value, i)
		check(t, bpf.Update(fd, key, value, bpf.Any))
	}
	return tab
}

// TestWalks reads the same maps in batches, with any of several sizes of entries, and
// from key to key.
func TestWalks(t *testing.T) {
	tests := []struct {
		name, typ      string
		value, entries uint32
	}{
		{"nothing", "hash", 4, 0},
		{"one batch", "hash", 4, 100},
		{"several batches", "hash", 4, 50_000},
		{"slots", "array", 4, 50_000},
		{"each CPU", "percpu_hash", 4, 20_000},
		{"values that do not fit", "hash", 150_000, 16}, // more in a bucket than are read at once
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tab := fill(t, tt.typ, tt.value, max(1, tt.entries))
			if tt.entries == 0 {
				check(t, bpf.Delete(tab.FD, make([]byte, 4)))
			}
			walks := map[string]func(func(*Entry, error) bool){
				"in batches": func(yield func(*Entry, error) bool) {
					if !tab.inBatches(yield) {
						t.Error("the kernel reads no batches")
					}
				},
				"one by one": func(yield func(*Entry, error) bool) { tab.oneByOne(nil, yield) },
			}
			for name, walk := range walks {
				if n := countEntries(t, walk); n != int(tt.entries) {
					t.Errorf("%s: %d entries, want %d", name, n, tt.entries)
				}
			}
		})
	}
}

// countEntries counts the entries of a walk, each of which must be a new one.
func countEntries(t *testing.T, walk func(func(*Entry, error) bool)) int {
	t.Helper()
	seen := make(map[uint32]bool)
	walk(func(e *Entry, err error) bool {
		check(t, err)
		key := binary.NativeEndian.Uint32(e.Key)
		if value := binary.NativeEndian.Uint32(e.Value); value != key || seen[key] {
			t.Errorf("key %d: value %d, seen before: %v", key, value, seen[key])
		}
		seen[key] = true
		return true
	})
	return len(seen)
}

// TestWalkStops stops in the middle: nothing goes on reading.
func TestWalkStops(t *testing.T) {
	tab := fill(t, "hash", 4, 100_000)
	before := runtime.NumGoroutine()
	for want := 1; want < 50_000; want *= 7 {
		n := 0
		for range tab.All() {
			if n++; n == want {
				break
			}
		}
		if n != want {
			t.Errorf("%d entries, want %d", n, want)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// TestEndless ends a walk that comes around again and again.
func TestEndless(t *testing.T) {
	tab := newTestTable("hash", 4, 4, 0)
	n := 0
	walk := func(yield func(*Entry, error) bool) {
		for yield(&Entry{Of: tab, Key: up(4), Value: up(4)}, nil) {
		}
	}
	for _, err := range tab.limit(walk) {
		if n++; err != nil {
			if !errors.Is(err, errChanging) || n != 2*int(tab.Info.MaxEntries)+1 {
				t.Errorf("after %d entries: %v", n, err)
			}
			return
		}
	}
	t.Error("no error")
}

// TestGone leaves out entries that vanish while they are read, but not empty slots.
func TestGone(t *testing.T) {
	for typ, want := range map[string]bool{"hash": true, "prog_array": true, "array_of_maps": true, "lpm_trie": true, "devmap": false, "sockmap": false, "cpumap": false, "reuseport_sockarray": false} {
		if got := newTestTable(typ, 4, 4, 0).isGone(unix.ENOENT); got != want {
			t.Errorf("%s: %v, want %v", typ, got, want)
		}
		if newTestTable(typ, 4, 4, 0).isGone(unix.EPERM) {
			t.Errorf("%s: what may not be read is gone", typ)
		}
	}
}
