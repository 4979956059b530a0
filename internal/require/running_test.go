package require

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// bare are the types of a kernel that has nothing but a function.
const bare = `[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
[2] FUNC_PROTO '(anon)' ret_type_id=1 vlen=0
[3] FUNC 'f' type_id=2 linkage=static`

// TestCheck makes sure that nothing is said to be there that cannot be read, or that is not there.
func TestCheck(t *testing.T) {
	spec, err := btf.Parse(fixture.BTF(t, bare, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	nothing := core.NewTarget(spec, []core.Module{})
	for _, tt := range []struct {
		name, object string
		kernel       *Running
		want         verdict.Answer // of what is not asked of a survey
	}{
		{"a variable, without types", "ksym_typed", &Running{NoTypes: unix.EACCES}, verdict.Unknown},
		{"a variable that is not there", "ksym_typed", &Running{Types: nothing}, verdict.No},
		{"a symbol that is there", "ksym_void", &Running{Types: nothing, Symbols: map[string]bool{"bpf_prog_put": true, "jiffies": true}}, verdict.Yes},
		{"a symbol that is not there", "ksym_missing", &Running{Types: nothing}, verdict.No},
		{"symbols that cannot be read", "ksym_missing", &Running{Types: nothing, NoSymbols: unix.EACCES}, verdict.Unknown},
	} {
		o, err := elfobj.Open("../../testdata/idioms/" + tt.object + ".o")
		if err != nil {
			t.Fatal(err)
		}
		if tt.want == verdict.Yes {
			for _, e := range o.Externs {
				tt.kernel.Symbols[e.Name] = true
			}
		}
		r := &Report{}
		for _, q := range OfObject(needs.Of(o)) {
			if q.Kind == Symbol {
				r.Add(Answered{Requirement: q})
			}
		}
		if len(r.Rows) == 0 {
			t.Fatalf("%s has no symbols", tt.object)
		}
		r.Check(o, tt.kernel)
		if r.Answer != tt.want {
			t.Errorf("%s: %v, want %v: %+v", tt.name, r.Answer, tt.want, r.Rows)
		}
	}
}

// TestRelocations has an object that needs a field which a kernel does not have.
func TestRelocations(t *testing.T) {
	o, err := elfobj.Open("../elfobj/testdata/core.bpfel.o")
	if err != nil {
		t.Fatal(err)
	}
	spec, err := btf.Parse(fixture.BTF(t, bare, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{}
	r.Check(o, &Running{Types: core.NewTarget(spec, []core.Module{})})
	if r.Answer != verdict.No || r.Rows[0].Kind != "relocation" || r.Rows[0].Evidence == "" || len(r.Rows[0].Where) != 1 {
		t.Errorf("%+v", r)
	}
	seen := make(map[string]bool)
	for _, row := range r.Rows {
		if seen[row.Name] {
			t.Errorf("%s stands there twice", row.Name)
		}
		seen[row.Name] = true
	}
}
