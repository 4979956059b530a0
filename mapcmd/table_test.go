package mapcmd

import (
	"bufio"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// newTestTable describes a map of a type. Sizes are in bytes.
func newTestTable(typ string, key, value uint32, cpus int) *table {
	number, _ := names.ParseMapType(typ)
	info := bpf.MapInfo{ID: 7, Type: uint32(number), KeySize: key, ValueSize: value, MaxEntries: 4}
	return &table{&entries.Table{Info: info, CPUs: cpus, Maps: strings.HasSuffix(typ, "_of_maps")}}
}

// plain returns what a fact prints in plain text.
func plain(f render.Fact) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	f.Plain(w)
	w.Flush()
	return b.String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestPortable refuses to move entries that mean something in one kernel only.
func TestPortable(t *testing.T) {
	for _, typ := range names.MapTypes() {
		err := newTestTable(typ, 4, 4, 0).checkPortable()
		if want := slices.Contains(portable, typ); (err == nil) != want {
			t.Errorf("%s: %v", typ, err)
		}
	}
	for _, typ := range []string{"devmap", "devmap_hash", "cpumap"} {
		if newTestTable(typ, 4, 8, 0).checkPortable() == nil {
			t.Errorf("%s with programs can be exported", typ)
		}
	}
}
