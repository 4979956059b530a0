package attachments

import (
	"encoding/binary"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestReadOperations reads values of both shapes, and values that are cut off.
func TestReadOperations(t *testing.T) {
	long := &cilium.Int{Name: "long", Size: 8}
	state := &cilium.Int{Name: "int", Size: 4}
	function := &cilium.Pointer{Target: &cilium.FuncProto{Return: &cilium.Void{}}}
	ops := &cilium.Struct{Name: "ops", Size: 32, Members: []cilium.Member{
		{Name: "number", Type: long}, {Name: "init", Type: function, Offset: 64},
		{Name: "unset", Type: function, Offset: 128}, {Name: "exit", Type: &cilium.Typedef{Name: "fn", Type: function}, Offset: 192},
	}}
	common := &cilium.Struct{Name: "common", Size: 8, Members: []cilium.Member{{Name: "refcnt", Type: state}, {Name: "state", Type: state, Offset: 32}}}
	shapes := []cilium.Type{
		&cilium.Struct{Name: "new", Size: 40, Members: []cilium.Member{{Name: "common", Type: common}, {Name: "data", Type: ops, Offset: 64}}},
		&cilium.Struct{Name: "old", Size: 40, Members: []cilium.Member{{Name: "refcnt", Type: state}, {Name: "state", Type: state, Offset: 32}, {Name: "data", Type: ops, Offset: 64}}},
	}
	value := make([]byte, 40)
	binary.LittleEndian.PutUint32(value[4:], 1)
	for i, n := range []uint64{99, 7, 0, 8} {
		binary.LittleEndian.PutUint64(value[8+8*i:], n)
	}
	for _, shape := range shapes {
		var b cilium.Builder
		id, err := b.Add(shape)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := b.Marshal(nil, &cilium.MarshalOptions{Order: binary.LittleEndian})
		if err != nil {
			t.Fatal(err)
		}
		spec, err := btf.Parse(raw, nil)
		if err != nil {
			t.Fatal(err)
		}
		var at Operation
		got, err := readOperations(spec, btf.ID(id), value, &at)
		want := []member{{"init", 7}, {"exit", 8}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(member{})); diff != "" || err != nil || at.Struct != "ops" || at.State != "registered" {
			t.Errorf("%s: %+v, %v (-want +got):\n%s", shape.TypeName(), at, err, diff)
		}
		for n := range value {
			if got, err := readOperations(spec, btf.ID(id), value[:n], &at); len(got) > 1 || err != nil {
				t.Errorf("%d bytes: %v, %v", n, got, err)
			}
		}
		for id := range spec.Len() + 2 { // other types have no operations
			_, _ = readOperations(spec, id, value, &at)
		}
	}
}
