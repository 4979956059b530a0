package load

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// FuzzLoad loads objects of which some bytes are wrong: an error must tell what is wrong, and
// nothing may be left, neither in the kernel nor in this process.
//
// edits are places in the object that is number which, of 4 bytes, and the byte for each.
func FuzzLoad(f *testing.F) {
	fixture.Need(f, fixture.Root, fixture.BPF)
	objects := readObjects(f)
	random := rand.New(rand.NewPCG(1, 2))
	for i, object := range objects {
		for range 3 {
			f.Add(uint16(i), randomEdits(random, len(object)))
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, edits []byte) {
		data := edit(objects[int(which)%len(objects)], edits)
		object, err := elfobj.Read(data)
		if err != nil || isLarge(object) {
			return
		}
		files := openFiles(t)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		c, err := Load(ctx, object, Options{Relocated: func(*Program) {}})
		if err == nil {
			c.Close()
		} else if text := strings.TrimSpace(err.Error()); text == "" || strings.Contains(text, "%!") {
			t.Errorf("error %q", text)
		}
		if now := openFiles(t); now != files {
			t.Errorf("%d files are open, %d were\n%v", now, files, err)
		}
		if maps, err := os.ReadFile("/proc/self/maps"); err != nil || strings.Contains(string(maps), "bpf-map") {
			t.Errorf("a map is still in memory: %v", err)
		}
	})
}

// readObjects returns committed objects of this machine's byte order.
func readObjects(f *testing.F) (list [][]byte) {
	for _, pattern := range []string{"../../testdata/idioms/*.o", "../elfobj/testdata/*.bpfel.o", "../core/testdata/*.bpfel.o", "testdata/*.o"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no objects %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			list = append(list, data)
		}
	}
	return list
}

const editLen = 5 // bytes

// randomEdits returns some edits of an object of some length.
func randomEdits(random *rand.Rand, length int) (edits []byte) {
	for range 1 + random.IntN(4) {
		edits = binary.LittleEndian.AppendUint32(edits, uint32(random.IntN(length)))
		edits = append(edits, byte(random.IntN(256)))
	}
	return edits
}

// edit returns a copy of an object with edits.
func edit(object, edits []byte) []byte {
	data := slices.Clone(object)
	for ; len(edits) >= editLen; edits = edits[editLen:] {
		data[int(binary.LittleEndian.Uint32(edits))%len(data)] = edits[4]
	}
	return data
}

// isLarge reports whether maps would take more memory than tests should.
func isLarge(o *elfobj.Object) bool {
	const most = 16 << 20
	large := func(d *elfobj.Def) bool {
		size := uint64(d.KeySize) + uint64(d.ValueSize) + 64
		return size > most || uint64(d.MaxEntries) > most || size*uint64(d.MaxEntries) > most
	}
	return slices.ContainsFunc(o.Maps, func(m *elfobj.Map) bool {
		return large(&m.Def) || m.Def.Inner != nil && large(m.Def.Inner)
	})
}

// openFiles returns how many files this process has open.
func openFiles(t *testing.T) int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range list {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, "anon_inode:b") { // bpf-map, bpf-prog, btf
			n++
		}
	}
	return n
}
