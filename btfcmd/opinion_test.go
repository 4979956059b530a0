package btfcmd

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// described is a part of a [Description] that a second reader of BTF knows.
type described struct {
	ID      uint32
	Kind    string
	Name    string
	Size    *uint64
	Signed  bool
	Tags    []string `json:"decl_tags"`
	Members []struct {
		Name      string
		Offset    uint64
		BitOffset uint64 `json:"bit_offset"`
		Bits      uint64
		Size      uint64
		Tags      []string `json:"decl_tags"`
	}
	Values []struct {
		Name string
		Val  json.Number
	}
	Params []struct {
		Name     string
		Variadic bool
		Tags     []string `json:"decl_tags"`
	}
	Vars []struct {
		Name         string
		Offset, Size uint32
	}
}

func (d *described) size() uint64 {
	if d.Size == nil {
		return 0
	}
	return *d.Size
}

// TestSecondOpinion compares the types of the running kernel with what another
// library reads.
func TestSecondOpinion(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	if _, err := os.Stat(vmlinux); err != nil {
		t.Skip(err)
	}
	theirs, err := cilium.LoadSpec(vmlinux)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := btf.Open(vmlinux, nil)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for d, err := range descriptions(spec, nil) {
		if err != nil {
			t.Fatal(err)
		}
		var got described
		dec := json.NewDecoder(strings.NewReader(string(d)))
		if err := dec.Decode(&got); err != nil {
			t.Fatalf("%s: %v", d, err)
		}
		if got.Kind == "decl_tag" {
			continue // they are parts of others there
		}
		want, err := theirs.TypeByID(cilium.TypeID(got.ID))
		if err != nil {
			t.Fatal(err)
		}
		compareType(t, &got, want)
		if compared++; t.Failed() {
			t.Fatalf("%s", d)
		}
	}
	t.Logf("%d types agree", compared)
}

func compareType(t *testing.T, d *described, want cilium.Type) {
	t.Helper()
	same := func(what string, got, want any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("type %d: %s (-want +got):\n%s", d.ID, what, diff)
		}
	}
	// Sections and what has no size, such as void, have one of 0 there.
	if size, err := cilium.Sizeof(want); err == nil && (d.Size != nil || size != 0) {
		same("size", d.size(), uint64(size))
	}
	if tag, ok := want.(*cilium.TypeTag); ok {
		same("name", d.Name, tag.Value)
	} else {
		same("name", d.Name, want.TypeName())
	}
	switch want := want.(type) {
	case *cilium.Int:
		same("sign", d.Signed, want.Encoding == cilium.Signed)
	case *cilium.Struct:
		same("tags", d.Tags, want.Tags)
		compareMembers(t, d, want.Members, same)
	case *cilium.Union:
		compareMembers(t, d, want.Members, same)
	case *cilium.Enum:
		same("sign", d.Signed, want.Signed)
		same("values", len(d.Values), len(want.Values))
		for i, v := range want.Values {
			same("enumerator", d.Values[i].Name, v.Name)
			if want.Signed {
				n, _ := d.Values[i].Val.Int64()
				same(v.Name, uint64(n), v.Value)
			} else {
				same(v.Name, d.Values[i].Val.String(), strconv.FormatUint(v.Value, 10))
			}
		}
	case *cilium.FuncProto:
		same("parameters", len(d.Params), len(want.Params))
		for i, p := range want.Params {
			same("parameter", d.Params[i].Name, p.Name)
		}
	case *cilium.Func:
		same("tags", d.Tags, want.Tags)
	case *cilium.Datasec:
		same("variables", len(d.Vars), len(want.Vars))
		for i, v := range want.Vars {
			same("variable", d.Vars[i].Name, v.Type.TypeName())
			same("offset", d.Vars[i].Offset, v.Offset)
			same("size", d.Vars[i].Size, v.Size)
		}
	}
}

func compareMembers(t *testing.T, got *described, want []cilium.Member, same func(what string, got, want any)) {
	t.Helper()
	same("members", len(got.Members), len(want))
	for i, m := range want {
		g := got.Members[i]
		size, err := cilium.Sizeof(m.Type)
		if err != nil {
			t.Error(err)
		}
		same("member", g.Name, m.Name)
		same("offset", g.BitOffset, uint64(m.Offset))
		same("width", g.Bits, uint64(m.BitfieldSize))
		same("size", g.Size, uint64(size))
		same("tags", g.Tags, m.Tags)
		if m.BitfieldSize == 0 {
			same("offset in bytes", 8*g.Offset, uint64(m.Offset))
		} else if g.BitOffset < 8*g.Offset {
			t.Errorf("member %s begins before its storage", m.Name)
		}
	}
}
