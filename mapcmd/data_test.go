package mapcmd

import (
	"testing"

	cilium "github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/btfval"
)

// TestData writes keys as an export has them, and reads them again: texts that look like
// bytes, too.
func TestData(t *testing.T) {
	char := &cilium.Int{Name: "char", Size: 1, Encoding: cilium.Signed}
	byte8 := &cilium.Int{Name: "unsigned char", Size: 1}
	index := &cilium.Int{Name: "unsigned int", Size: 4}
	text := compiled(t, &cilium.Array{Type: char, Index: index, Nelems: 16})
	bytes := compiled(t, &cilium.Array{Type: byte8, Index: index, Nelems: 4})
	tests := []struct {
		name string
		typ  *btfval.Type
		data string
		want string
	}{
		{"text", text, "hello\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", `"hello"`},
		{"text that looks like bytes", text, "hex:x\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", `"hex:x"`},
		{"text with something behind it", text, "a\x00b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", `"hex:61006200000000000000000000000000"`},
		{"list", bytes, "\x01\x02\x03\xff", `[1,2,3,255]`},
		{"no type", nil, "\x01\x02", `"hex:0102"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := &exporter{}
			got := string(x.appendData(nil, tt.typ, []byte(tt.data)))
			if got != tt.want {
				t.Errorf("written as %s, want %s", got, tt.want)
			}
			data := make([]byte, len(tt.data))
			if err := parseData("key", tt.typ, data, []byte(got)); err != nil || string(data) != tt.data {
				t.Errorf("read as %x, %v; want %x", data, err, tt.data)
			}
		})
	}
}

// compiled makes the layout of a type.
func compiled(t *testing.T, typ cilium.Type) *btfval.Type {
	t.Helper()
	var b cilium.Builder
	id, err := b.Add(typ)
	check(t, err)
	raw, err := b.Marshal(nil, cilium.KernelMarshalOptions())
	check(t, err)
	spec, err := btf.Parse(raw, nil)
	check(t, err)
	l, err := btfval.Compile(spec, btf.ID(id))
	check(t, err)
	return l
}
