package elfobj

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// prelude has what the macros of libbpf stand for.
const prelude = `
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define __array(name, val) typeof(val) *name[]
#define __ksym __attribute__((section(".ksyms")))
#define __kconfig __attribute__((section(".kconfig")))
`

// TestSources compiles what no object of testdata has, much of it wrong.
func TestSources(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	compiler, _ := fixture.Compiler()
	tests := []struct {
		name   string
		source string
		want   string // of the error
	}{
		{"unknown field", `struct { __uint(type, 1); __uint(foo, 1); } m SEC(".maps");`, `section .maps: map m: field "foo": unknown`},
		{"sizes", `struct { __uint(type, 1); __uint(key_size, 8); __type(key, int); } m SEC(".maps");`,
			`section .maps: map m: field "key": 4 bytes, but elsewhere 8`},
		{"not a number", `struct { int type; } m SEC(".maps");`, `section .maps: map m: field "type": type `},
		{"values not last", `struct { __uint(type, 13); struct { __uint(type, 1); } *values[1]; __uint(max_entries, 1); } m SEC(".maps");`,
			`section .maps: map m: field "values": not the last one`},
		{"too deep", `struct { __uint(type, 13); __array(values, struct { __uint(type, 13); __array(values, struct { __uint(type, 1); }); }); } m SEC(".maps");`,
			`section .maps: map m: field "values": field "values": maps within maps within maps`},
		{"no struct", `int m SEC(".maps") = 1;`, `section .maps: map m: type `},
		{"map in the wrong place", `extern int x; struct { __uint(type, 1); __uint(max_entries, 1); } m SEC(".maps"); struct { __uint(type, 12); int *foo; } n SEC(".maps") = { .foo = (void *)&m };`,
			`map n: field "foo": unknown`},
		{"program among maps", `int f(void) { return 0; } struct in { __uint(type, 1); }; struct { __uint(type, 12); __array(values, struct in); } m SEC(".maps") = { .values = { (void *)&f } };`,
			"section .maps: relocation at 8: map m: symbol f: not what the values are"},
		{"setting", `extern struct { int a; } S __kconfig; SEC("xdp") int f(void) { return S.a; }`, "extern S: type "},
		{"section that is for nothing", `int x SEC("foo") = 1; SEC("xdp") int f(void) { return *(volatile int *)&x; }`,
			"section xdp: function f: instruction 0: symbol x: nothing that code 0x18 can use is at 0 of section foo"},
		{"struct_ops", `int x SEC(".struct_ops") = 1;`, "section .struct_ops: variable x: type "},
		{"nothing", `int x SEC("foo") = 1;`, ""},
		{"constants that are merged", `void use(const char *) __ksym; SEC("xdp") int f(void) { use("text"); return 0; }`, ""},
		{"unused static function", `__attribute__((used)) static int f(void) { return 0; } SEC("xdp") int p(void) { return 0; }`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.o")
			cmd := exec.Command(compiler, "-g", "-O2", "-w", "-target", "bpf", "-x", "c", "-c", "-o", path, "-")
			cmd.Stdin = strings.NewReader(prelude + tt.source)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			o, err := Open(path)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Open() = %v, want %q", err, tt.want)
			}
			if err == nil {
				use(o)
			}
		})
	}
}

// TestCyclic makes the type of a map's values stand for itself.
func TestCyclic(t *testing.T) {
	data := bytes.Clone(bytesOf(t, "maps.bpfel"))
	spec := object(t, "maps.bpfel").BTF
	for id := btf.ID(1); id < spec.Len(); id++ {
		typ, _ := spec.Type(id)
		if typ.Name != "value_t" || typ.Kind != btf.Typedef {
			continue
		}
		// It is the only record of a typedef of that type.
		record := binary.LittleEndian.AppendUint32(nil, uint32(btf.Typedef)<<24)
		record = binary.LittleEndian.AppendUint32(record, uint32(typ.Ref()))
		at := bytes.Index(data, record)
		if at < 0 {
			t.Fatal("no record")
		}
		binary.LittleEndian.PutUint32(data[at+4:], uint32(id))
	}
	_, err := Read(data)
	if want := `section .maps: map typed: field "value": type `; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Read() = %v, want %q", err, want)
	}
}

// TestCompressed reads an object as a distribution may pack it.
func TestCompressed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.bpf.o.gz")
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(bytesOf(t, "calls.bpfel"))
	if err := errors.Join(z.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	o, err := Open(path)
	if err != nil || o.Name != "demo" || len(o.Programs) != 4 {
		t.Errorf("Open() = %+v, %v", o, err)
	}
}
