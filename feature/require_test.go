package feature

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// TestSymbols makes sure that nothing is said to be among types that cannot be read, or that do not have it.
func TestSymbols(t *testing.T) {
	o, err := elfobj.Open("../testdata/idioms/ksym_typed.o")
	if err != nil {
		t.Fatal(err)
	}
	typed := ""
	for _, e := range o.Externs {
		if e.Kind == elfobj.Ksym && e.Type != 0 && !e.Weak {
			typed = e.Name
		}
	}
	if typed == "" {
		t.Fatal("the object has no variable of the kernel with a type")
	}
	if v := symbols(o, nil, unix.EACCES)(typed); v.Answer != verdict.Unknown || v.Evidence == "" {
		t.Errorf("without types: %v", v)
	}
	bare, err := btf.Parse(fixture.BTF(t, "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n[2] FUNC_PROTO '(anon)' ret_type_id=1 vlen=0\n[3] FUNC 'f' type_id=2 linkage=static", nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := symbols(o, core.NewTarget(bare, []core.Module{}), nil)(typed); v.Answer != verdict.No || v.Evidence == "" {
		t.Errorf("of a kernel without it: %v", v)
	}
}
