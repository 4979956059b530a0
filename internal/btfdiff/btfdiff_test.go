package btfdiff

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"

	cilium "github.com/cilium/ebpf/btf"
	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A sample is some types.
type sample = []cilium.Type

// Types of which the samples are made.
var (
	integer = &cilium.Int{Name: "int", Size: 4, Encoding: cilium.Signed}
	long    = &cilium.Int{Name: "long unsigned int", Size: 8}
	char    = &cilium.Int{Name: "char", Size: 1}
	numbers = sample{integer, long, char} // both sides have them
)

// spec writes types by another library and reads them.
func spec(t testing.TB, types ...cilium.Type) *btf.Spec {
	t.Helper()
	var b cilium.Builder
	for _, typ := range types {
		if _, err := b.Add(typ); err != nil {
			t.Fatal(err)
		}
	}
	data, err := b.Marshal(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := btf.Parse(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// all returns what was found, class by class.
func all(t testing.TB, d *Diff) (list []*Finding) {
	t.Helper()
	for c := range Classes {
		for f, err := range d.Findings(c) {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, f)
		}
	}
	return list
}

// faces returns findings as text, and as JSON of one line each.
func faces(t testing.TB, list []*Finding) (plain, asJSON string) {
	t.Helper()
	var text, lines strings.Builder
	w := bufio.NewWriter(&text)
	enc := json.NewEncoder(&lines)
	enc.SetEscapeHTML(false)
	for _, f := range list {
		f.Plain(w)
		if err := enc.Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return text.String(), lines.String()
}

func ptr(t cilium.Type) cilium.Type { return &cilium.Pointer{Target: t} }
func array(t cilium.Type, n uint32) cilium.Type {
	return &cilium.Array{Type: t, Index: integer, Nelems: n}
}

func structure(name string, size uint32, members ...cilium.Member) *cilium.Struct {
	return &cilium.Struct{Name: name, Size: size, Members: members}
}

func union(name string, size uint32, members ...cilium.Member) *cilium.Union {
	return &cilium.Union{Name: name, Size: size, Members: members}
}

// at returns a member at an offset in bytes.
func at(name string, t cilium.Type, off uint32) cilium.Member {
	return cilium.Member{Name: name, Type: t, Offset: cilium.Bits(8 * off)}
}

// bits returns a bitfield at an offset in bits.
func bits(name string, off, n uint32) cilium.Member {
	return cilium.Member{Name: name, Type: integer, Offset: cilium.Bits(off), BitfieldSize: cilium.Bits(n)}
}

func enum(name string, values ...cilium.EnumValue) *cilium.Enum {
	return &cilium.Enum{Name: name, Size: 4, Values: values}
}

func value(name string, v uint64) cilium.EnumValue { return cilium.EnumValue{Name: name, Value: v} }

func function(name string, result cilium.Type, params ...cilium.FuncParam) *cilium.Func {
	return &cilium.Func{Name: name, Type: &cilium.FuncProto{Return: result, Params: params}}
}

func param(name string, t cilium.Type) cilium.FuncParam { return cilium.FuncParam{Name: name, Type: t} }

func void() cilium.Type { return (*cilium.Void)(nil) }

func list(values ...cilium.EnumValue) []cilium.EnumValue { return values }

func TestFindings(t *testing.T) {
	for _, tt := range findings {
		t.Run(tt.name, func(t *testing.T) {
			old, new := spec(t, append(numbers, tt.old...)...), spec(t, append(numbers, tt.new...)...)
			d, err := New(old, new, Wanted{})
			if err != nil {
				t.Fatal(err)
			}
			text, lines := faces(t, all(t, d))
			if diff := cmp.Diff(tt.text, text); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.json, strings.TrimSuffix(lines, "\n")); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSame compares each sample with itself: there is nothing to find.
func TestSame(t *testing.T) {
	for _, tt := range findings {
		for _, s := range []sample{tt.old, tt.new} {
			d, err := New(spec(t, s...), spec(t, s...), Wanted{})
			if err != nil {
				t.Fatal(err)
			}
			if text, _ := faces(t, all(t, d)); text != "" {
				t.Errorf("%s: found\n%s", tt.name, text)
			}
		}
	}
}

func TestWanted(t *testing.T) {
	old := spec(t, structure("sk_buff", 4), structure("sock", 4), function("tcp_send", integer), enum("", value("A", 1)))
	new := spec(t, structure("sk_buff", 8), structure("sock", 8), structure("new", 4), function("tcp_send", char), function("udp_send", integer),
		enum("", value("A", 2)), &cilium.Var{Name: "sock", Type: integer})
	tests := []struct {
		name string
		Wanted
		text, err string
	}{
		{"all", Wanted{}, "+ struct new, size 4\n~ struct sk_buff, size 4 -> 8\n~ struct sock, size 4 -> 8\n~ enum (anon)\n\t~ A = 1 -> 2\n+ int char, size 1\n" +
			"~ func tcp_send\n\t- int tcp_send(void)\n\t+ char tcp_send(void)\n+ func udp_send: int udp_send(void)\n+ var sock: int\n", ""},
		{"a type", Wanted{Types: []string{"sock"}}, "~ struct sock, size 4 -> 8\n", ""},
		{"a type of one side", Wanted{Types: []string{"new"}}, "+ struct new, size 4\n", ""},
		{"a pattern", Wanted{Types: []string{"s*"}}, "~ struct sk_buff, size 4 -> 8\n~ struct sock, size 4 -> 8\n", ""},
		{"a function", Wanted{Funcs: []string{"*_send"}}, "~ func tcp_send\n\t- int tcp_send(void)\n\t+ char tcp_send(void)\n+ func udp_send: int udp_send(void)\n", ""},
		{"both", Wanted{[]string{"new"}, []string{"udp_send"}}, "+ struct new, size 4\n+ func udp_send: int udp_send(void)\n", ""},
		{"no such type", Wanted{Types: []string{"sock", "tcp_send"}}, "", "no type is called 'tcp_send' on either side"},
		{"no such function", Wanted{Funcs: []string{"sock"}}, "", "no function is called 'sock' on either side"},
		{"a bad pattern", Wanted{Types: []string{"[a"}}, "", "pattern '[a': syntax error in pattern"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := New(old, new, tt.Wanted)
			if err != nil {
				if err.Error() != tt.err {
					t.Errorf("New() = %v, want %q", err, tt.err)
				}
				return
			}
			text, _ := faces(t, all(t, d))
			if diff := cmp.Diff(tt.text, text); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	d, err := New(spec(t, integer, structure("gone", 4)), spec(t, char, integer, &cilium.Var{Name: "v", Type: integer}, function("f", integer)), Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	var s Summary
	if !s.IsEmpty() {
		t.Error("a new summary is not empty")
	}
	for c := range Classes {
		for f := range d.Findings(c) {
			s.Add(c, f)
		}
	}
	want := "types: 1 added, 1 removed, 0 changed; functions: 1 added, 0 removed, 0 changed; variables: 1 added, 0 removed, 0 changed"
	if got := s.String(); got != want || s.IsEmpty() {
		t.Errorf("String() = %q, want %q", got, want)
	}
}
