package entries

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// newTestTable describes a map of a type. Sizes are in bytes.
func newTestTable(typ string, key, value uint32, cpus int) *Table {
	number, _ := names.ParseMapType(typ)
	info := bpf.MapInfo{ID: 7, Type: uint32(number), KeySize: key, ValueSize: value, MaxEntries: 4}
	return &Table{Info: info, CPUs: cpus, Maps: ofMaps(typ)}
}

// plain returns what a fact prints in plain text.
func plain(f render.Fact) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	f.Plain(w)
	w.Flush()
	return b.String()
}

// up returns n bytes that count from 1.
func up(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i + 1)
	}
	return b
}

const (
	hex4  = "01 02 03 04"
	hex8  = hex4 + " 05 06 07 08"
	hex16 = hex8 + "  09 0a 0b 0c 0d 0e 0f 10"
	hex20 = hex16 + "\n11 12 13 14"
)

// TestEntry lays out keys and values of many sizes. The texts are the reference's.
func TestEntry(t *testing.T) {
	tests := []struct {
		name  string
		table *Table
		value []byte
		err   error
		plain string
		json  string // after the key
	}{
		{"on one line", newTestTable("hash", 4, 8, 0), up(8), nil,
			"key: " + hex4 + "  value: " + hex8 + "\n", `"value":["0x01","0x02","0x03","0x04","0x05","0x06","0x07","0x08"]`},
		{"on one line, just", newTestTable("hash", 16, 8, 0), up(8), nil, "key: " + hex16 + "  value: " + hex8 + "\n", ""},
		{"on two lines", newTestTable("hash", 16, 16, 0), up(16), nil, "key: " + hex16 + "\nvalue: " + hex16 + "\n", ""},
		{"long value", newTestTable("array", 4, 20, 0), up(20), nil, "key:\n" + hex4 + "\nvalue:\n" + hex20 + "\n", ""},
		{"long key", newTestTable("hash", 20, 4, 0), up(4), nil, "key:\n" + hex20 + "\nvalue:\n" + hex4 + "\n", ""},
		{"no key", newTestTable("queue", 0, 4, 0), up(4), nil, "value: " + hex4 + "\n", `"value":["0x01","0x02","0x03","0x04"]`},
		{"map in map", newTestTable("hash_of_maps", 4, 4, 0), []byte{159, 0, 0, 0}, nil,
			"key: " + hex4 + "  inner_map_id: 159 \n", `"value":["0x9f","0x00","0x00","0x00"],"inner_map_id":159`},
		{"map in map by a long key", newTestTable("hash_of_maps", 20, 4, 0), []byte{159, 0, 0, 0}, nil,
			"key:\n" + hex20 + "\ninner_map_id:\n159 \n", ""},
		{"value for each CPU", newTestTable("percpu_hash", 4, 4, 2), append(up(8), 9, 9, 9, 9, 9, 9, 9, 9), nil,
			"key:\n" + hex4 + "\nvalue (CPU 00): " + hex4 + "\nvalue (CPU 01): 09 09 09 09\n",
			`"values":[{"cpu":0,"value":["0x01","0x02","0x03","0x04"]},{"cpu":1,"value":["0x09","0x09","0x09","0x09"]}]`},
		{"long value for each CPU", newTestTable("percpu_array", 4, 20, 1), append(up(20), 0, 0, 0, 0), nil,
			"key:\n" + hex4 + "\nvalue (CPU 00):\n" + hex20 + "\n", ""},
		{"empty slot", newTestTable("devmap", 4, 4, 0), nil, unix.ENOENT,
			"key: " + hex4 + "  value: <no entry>\n", `"value":{"error":"No such file or directory"}`},
		{"not to be read", newTestTable("reuseport_sockarray", 4, 4, 0), nil, unix.ENOSPC,
			"key: " + hex4 + "  value: <cannot read>\n", `"value":{"error":"No space left on device"}`},
		{"long reason", newTestTable("sockmap", 4, 4, 0), nil, unix.ENOSPC,
			"key:\n" + hex4 + "\nvalue:\nNo space left on device\n", `"value":{"error":"No space left on device"}`},
		{"empty slot for each CPU", newTestTable("percpu_hash", 4, 4, 2), nil, unix.ENOENT,
			"key: " + hex4 + "  value: <no entry>\n", `"value":{"error":"No such file or directory"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := &Entry{Of: tt.table, Key: up(int(tt.table.Info.KeySize)), Value: tt.value, Err: tt.err}
			if diff := cmp.Diff(tt.plain, plain(e)); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			text := string(e.AppendJSON(nil))
			if !json.Valid([]byte(text)) || !strings.HasSuffix(text, "],"+tt.json+"}") && tt.json != "" {
				t.Errorf("JSON %s, want %s", text, tt.json)
			}
		})
	}
}

// TestLong prints long values in pieces, as if they were in one.
func TestLong(t *testing.T) {
	spec, ids := encode(t, &cilium.Int{Name: "unsigned char", Size: 1})
	number, err := compile(spec, uint32(ids[0]), 1)
	check(t, err)
	for _, cpus := range []int{0, 2} {
		for _, size := range []int{longValue, longValue + 1, 3*pieceLen*render.HexLine - 8} {
			tab := newTestTable("array", 4, uint32(size), cpus)
			tab.Value = number
			e := &Entry{Of: tab, Key: up(4), Value: up(tab.ValueLen())}
			if _, ok := e.Fact().(long); !ok {
				t.Errorf("%d bytes are not long", size)
			}
			for _, format := range []render.Format{render.Plain, render.JSON, render.Pretty} {
				if a, b := printed(t, e.Fact(), format), printed(t, e, format); a != b {
					t.Errorf("%d bytes on %d CPUs, format %d: %d bytes, want %d", size, cpus, format, len(a), len(b))
				}
			}
			if want := render.AppendHex(nil, e.Value[:size]); cpus == 0 && !strings.HasSuffix(plain(e), "\nvalue:\n"+string(want)+"\n") {
				t.Errorf("%d bytes: plain text is not that of render.AppendHex", size)
			}
		}
	}
}

// printed returns what is printed of a fact.
func printed(t *testing.T, f render.Fact, format render.Format) string {
	t.Helper()
	var b strings.Builder
	p := render.New(&b, render.NewTalk(&b, true), format)
	check(t, p.One(f))
	check(t, p.Close())
	return b.String()
}

// TestTyped shows entries by their types.
func TestTyped(t *testing.T) {
	u32 := &cilium.Int{Name: "unsigned int", Size: 4}
	value := &cilium.Struct{Name: "s", Size: 8, Members: []cilium.Member{
		{Name: "n", Type: u32}, {Name: "bits", Type: u32, Offset: 32, BitfieldSize: 3},
	}}
	const one, two = `{"n":67305985,"bits":0x5}`, `{"n":0,"bits":0x7}`
	data := append(up(8), 0, 0, 0, 0, 7, 0, 0, 0)
	tests := []struct {
		name       string
		keySize    uint32
		cpus       int
		plain      string
		value      []byte
		err        error
		unreadable bool
	}{
		{name: "key and value", keySize: 4, value: data[:8], plain: `{"key":67305985,"value":` + one + `}`},
		{name: "no type of keys", value: data[:8], plain: `{"value":` + one + `}`},
		{name: "value for each CPU", keySize: 4, cpus: 2, value: data,
			plain: `{"key":67305985,"values":[{"cpu":0,"value":` + one + `},{"cpu":1,"value":` + two + `}]}`},
		{name: "empty slot", keySize: 4, err: unix.ENOENT, plain: `{"key":67305985,"value":"<no entry>"}`, unreadable: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tab := newTestTable("hash", tt.keySize, 8, tt.cpus)
			spec, ids := encode(t, u32, value)
			var err error
			if tt.keySize > 0 {
				tab.Key, err = compile(spec, uint32(ids[0]), 4)
				check(t, err)
			}
			tab.Value, err = compile(spec, uint32(ids[1]), 8)
			check(t, err)
			e := &Entry{Of: tab, Key: up(int(tt.keySize)), Value: tt.value, Err: tt.err}
			if diff := cmp.Diff(tt.plain, plain(Typed{Entry: e})); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			want := strings.NewReplacer("0x5", `"0x5"`, "0x7", `"0x7"`).Replace(`"formatted":` + tt.plain + `}`)
			if text := string(e.AppendJSON(nil)); strings.HasSuffix(text, want) == tt.unreadable || !json.Valid([]byte(text)) {
				t.Errorf("JSON %s, want %s", text, want)
			}
		})
	}
}

// encode makes BTF of types.
func encode(t *testing.T, types ...cilium.Type) (*btf.Spec, []btf.ID) {
	t.Helper()
	var b cilium.Builder
	var ids []btf.ID
	for _, typ := range types {
		id, err := b.Add(typ)
		check(t, err)
		ids = append(ids, btf.ID(id))
	}
	raw, err := b.Marshal(nil, cilium.KernelMarshalOptions())
	check(t, err)
	spec, err := btf.Parse(raw, nil)
	check(t, err)
	return spec, ids
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTypeOfOtherSize refuses types that do not fit the map.
func TestTypeOfOtherSize(t *testing.T) {
	spec, ids := encode(t, &cilium.Int{Name: "unsigned long", Size: 8})
	if typ, err := compile(spec, uint32(ids[0]), 4); err == nil {
		t.Errorf("a type of %d bytes is taken for values of 4", typ.Size())
	}
}
