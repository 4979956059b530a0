package elfobj

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// objects are the names of the objects in testdata, without the byte order.
var objects = []string{
	"arena", "calls", "catches", "core", "data", "externs", "jumps", "legacy", "library", "linked", "maps", "slots", "statics", "structops",
}

func object(t testing.TB, name string) *Object {
	t.Helper()
	o, err := Open(filepath.Join("testdata", name+".o"))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func bytesOf(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".o"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestRead compares objects with what their sources say. testdata/NAME.txt has
// what is in both; clang makes other code of bitfields in core.bpfeb.o.
func TestRead(t *testing.T) {
	content := regexp.MustCompile(`(?m)^  data .*\n`)
	fields := regexp.MustCompile(`(?m)^program fields .*\n(  .*\n)*`)
	for _, name := range objects {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			want := string(text)
			if diff := cmp.Diff(want, dump(object(t, name+".bpfel"))); diff != "" {
				t.Errorf("little-endian (-want +got):\n%s", diff)
			}
			big := object(t, name+".bpfeb")
			got := dump(big)
			for _, r := range []*regexp.Regexp{content, fields} {
				want, got = r.ReplaceAllString(want, ""), r.ReplaceAllString(got, "")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("big-endian (-want +got):\n%s", diff)
			}
			if big.Name != name || big.Order.String() != "BigEndian" {
				t.Errorf("object %q, %v", big.Name, big.Order)
			}
		})
	}
}

func TestLines(t *testing.T) {
	source, err := os.ReadFile("testdata/calls.bpf.c")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Split(string(source), "\n")
	for _, name := range []string{"calls.bpfel", "calls.bpfeb", "linked.bpfel"} {
		lines := 0
		o := object(t, name)
		for _, f := range append(o.Programs, o.Funcs...) {
			if name == "linked.bpfel" && (f.Section == "xdp" || f.Name == "library") {
				continue // of other sources
			}
			if len(f.Lines) == 0 || f.Lines[0].Insn != 0 || f.Lines[len(f.Lines)-1].Insn >= len(f.Code)/insnLen {
				t.Errorf("%s: %s: lines %v", name, f.Name, f.Lines)
			}
			for _, l := range f.Lines {
				if l.File != "./calls.bpf.c" || l.Line == 0 || l.Text != text[l.Line-1] || int(l.Col) > len(l.Text) {
					t.Errorf("%s: %s: %+v, the source has %q", name, f.Name, l, text[l.Line-1])
				}
			}
			lines += len(f.Lines)
		}
		if lines < 30 {
			t.Errorf("%s: only %d lines", name, lines)
		}
	}
}

func TestAutoload(t *testing.T) {
	for _, f := range object(t, "calls.bpfel").Programs {
		if f.Autoload() != (f.Name != "optional") {
			t.Errorf("%s: Autoload() = %v", f.Name, f.Autoload())
		}
	}
}

func TestKernelName(t *testing.T) {
	tests := []struct {
		name   string
		kind   MapKind
		object string
		want   string
	}{
		{".rodata", Rodata, "m1", "m1.rodata"},
		{".rodata", Rodata, "my_object_name", "my_objec.rodata"},
		{".bss", BSS, "my_object_name", "my_objec.bss"},
		{".kconfig", Kconfig, "my_object_name", "my_obje.kconfig"},
		{".data", Data, "a-b", "a_b.data"},
		{".rodata.foo", Rodata, "m1", ".rodata.foo"},
		{".rodata.str1.16.long", Rodata, "m1", ".rodata.str1.16"},
		{".data.a-b", Data, "m1", ".data.a_b"},
		{"a_map_with_a_long_name", Defined, "m1", "a_map_with_a_lo"},
	}
	for _, tt := range tests {
		m := &Map{Name: tt.name, Kind: tt.kind}
		if got := m.KernelName(tt.object); got != tt.want {
			t.Errorf("%s of %s: %q, want %q", tt.name, tt.object, got, tt.want)
		}
	}
}

// TestLinkCatch puts what handles exceptions at the end of the program that says so, and nowhere
// else.
func TestLinkCatch(t *testing.T) {
	o := object(t, "catches.bpfel")
	for name, want := range map[string]string{"throws": "throws check handler", "plain": "plain check"} {
		for _, p := range o.Programs {
			if p.Name != name {
				continue
			}
			var got []string
			for _, f := range o.Link(p) {
				got = append(got, f.Name)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %v, want %s", name, got, want)
			}
		}
	}
}
