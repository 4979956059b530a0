package prog

import (
	"encoding/binary"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestMetadata shows the variables that describe a program, but for those that
// make no sense.
func TestMetadata(t *testing.T) {
	number := &cilium.Int{Name: "int", Size: 4, Encoding: cilium.Signed}
	char := &cilium.Int{Name: "char", Size: 1, Encoding: cilium.Signed}
	self := &cilium.Struct{Name: "self", Size: 4}
	self.Members = []cilium.Member{{Name: "self", Type: self}}
	section := &cilium.Datasec{Name: ".rodata", Size: 16}
	for _, v := range []struct {
		name string
		typ  cilium.Type
		at   uint32
	}{
		{"bpf_metadata_answer", number, 0},
		{"other", number, 4},
		{"bpf_metadata_self", self, 4},
		{"bpf_metadata_beyond", number, 13},
		{"bpf_metadata_far_beyond", number, 17},
		{"bpf_metadata_author", &cilium.Array{Type: char, Index: number, Nelems: 8}, 8},
	} {
		section.Vars = append(section.Vars, cilium.VarSecinfo{Type: &cilium.Var{Name: v.name, Type: v.typ}, Offset: v.at})
	}
	var b cilium.Builder
	id, err := b.Add(section)
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
	got := metadata(spec, btf.ID(id), []byte("\x2a\x00\x00\x00....fixture\x00"))
	if diff := cmp.Diff(`{"answer":42,"author":"fixture"}`, string(got.AppendPlain(nil))); diff != "" {
		t.Errorf("metadata() mismatch (-want +got):\n%s", diff)
	}
	for id := range spec.Len() {
		if spec.Kind(id) != btf.Datasec && metadata(spec, id, nil) != nil {
			t.Errorf("type %d is taken for a section", id)
		}
	}
}
