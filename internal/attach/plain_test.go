package attach

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

func TestMatches(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"abc", "abc", true},
		{"abc", "abcd", false},
		{"abcd", "abc", false},
		{"*", "", true},
		{"*", "abc", true},
		{"a*", "abc", true},
		{"*c", "abc", true},
		{"*b", "abc", false},
		{"a*c", "abcbc", true},
		{"a*b*c", "axxbyyc", true},
		{"a**c", "abc", true},
		{"?", "", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{"*?c", "c", false},
		{"*_?", "a_b_c", true},
		{"a*", "b", false},
		{"*aab", "aaaab", true},
	}
	for _, tt := range tests {
		if got := matches(tt.pattern, tt.name); got != tt.want {
			t.Errorf("matches(%q, %q) = %v", tt.pattern, tt.name, got)
		}
	}
	// A careless search takes ages.
	if matches(strings.Repeat("*a", 50)+"*b", strings.Repeat("a", 10000)) {
		t.Error("matches a text without b")
	}
}

func TestKernelPlace(t *testing.T) {
	tests := []struct {
		text string
		want place
		err  string
	}{
		{"do_nanosleep", place{"do_nanosleep", 0}, ""},
		{"f.isra.0+0x1f", place{"f.isra.0", 0x1f}, ""},
		{"f+16", place{"f", 16}, ""},
		{"f+", place{}, `"f+": want function[+offset]`},
		{"f-1", place{}, `"f-1": want function[+offset]`},
		{"f+x", place{}, `"f+x": offset x: want a number`},
		{"f*", place{}, `"f*": want function[+offset]`},
	}
	for _, tt := range tests {
		got, err := parseKernelPlace(tt.text)
		if got != tt.want || message(err) != tt.err {
			t.Errorf("parseKernelPlace(%q) = %v, %q", tt.text, got, message(err))
		}
	}
}

func TestFilePlace(t *testing.T) {
	tests := []struct {
		text, path string
		want       place
		err        string
	}{
		{"/bin/sh:main", "/bin/sh", place{"main", 0}, ""},
		{"libc.so.6:open+0x10", "libc.so.6", place{"open", 16}, ""},
		{"a.apk!/lib/l.so:f", "a.apk!/lib/l.so", place{"f", 0}, ""},
		{"x:operator+", "x", place{"operator+", 0}, ""},
		{"x:f+g", "x", place{"f+g", 0}, ""},
		{"x:ns::f", "x", place{"ns::f", 0}, ""},
		{"x:f@V_1.2", "x", place{"f@V_1.2", 0}, ""},
		{"/bin/sh", "", place{}, `"/bin/sh": want path:function`},
		{":f", "", place{}, `":f": want path:function`},
		{"x:", "", place{}, `"x:": want path:function`},
	}
	for _, tt := range tests {
		path, got, err := parseFilePlace(tt.text)
		if path != tt.path || got != tt.want || message(err) != tt.err {
			t.Errorf("parseFilePlace(%q) = %q, %v, %q", tt.text, path, got, message(err))
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestNotAuto asks for what sections do not say.
func TestNotAuto(t *testing.T) {
	tests := []struct{ section, hint string }{
		{"xdp", ""},
		{"cgroup_skb/ingress", ""},
		{"lsm_cgroup/socket_bind", ""},
		{"struct_ops/init", ""},
		{"nonsense", ""},
		{"", ""},
		{"kprobe", `SEC("kprobe/function[+offset]") would`},
		{"?uprobe.s", `SEC("uprobe.s/path:function[+offset]") would`},
		{"usdt", `SEC("usdt/path:provider:name") would`},
		{"tp", `SEC("tp/category/name") would`},
		{"raw_tp.w", `SEC("raw_tp.w/name") would`},
		{"kprobe.multi", `SEC("kprobe.multi/pattern of functions") would`},
	}
	for _, tt := range tests {
		_, err := New(nil).Attach(Program{FD: -1, Section: tt.section})
		var missing *MissingTarget
		var hint render.Hinted
		errors.As(err, &hint)
		if !errors.Is(err, ErrNotAuto) || errors.As(err, &missing) != (tt.hint != "") || hint.Hint != tt.hint {
			t.Errorf("section %q: %v", tt.section, err)
		}
	}
}

// TestRefusals asks for what is not there.
func TestRefusals(t *testing.T) {
	findTarget(t, "")
	tests := []struct{ section, want string }{
		{"uprobe/target:nothing", "testdata/target: no function nothing"},
		{"uprobe/no_such_program:f", "no_such_program: not in "},
		{"uprobe/no_such.so.1:f", "/usr/lib64, /usr/lib, "},
		{"uprobe/testdata/hit.h:f", "testdata/hit.h: bad magic number"},
		{"uprobe/target", `section uprobe/target: "target": want path:function`},
		{"uretprobe/target:lab_one+1", "lab_one+0x1: an offset has no meaning at the end of a function"},
		{"uprobe.multi/target:nothing*", "no function nothing*"},
		{"kretprobe/f+1", "f+0x1: an offset has no meaning at the end of a function"},
		{"kprobe.multi/a b", `"a b": want a function, or a pattern with * and ?`},
		{"usdt/target:lab", `"target:lab": want path:provider:name`},
		{"usdt/target:lab:args:x", `"target:lab:args:x": want path:provider:name`},
		{"usdt/target:lab:nothing", "target: tracepoint lab:nothing: none among 7"},
		{"tp/nothing", "tracepoint nothing: want category/name"},
		{"kprobe/1 2", `"1 2": want function[+offset]`},
	}
	for _, tt := range tests {
		_, err := New(func(string) (bpf.FD, bool) { return 0, false }).Attach(Program{FD: -1, Section: tt.section})
		if !strings.Contains(message(err), tt.want) || errors.Is(err, ErrNotAuto) {
			t.Errorf("section %q: %v", tt.section, err)
		}
	}
	_, err := New(func(string) (bpf.FD, bool) { return 0, false }).Attach(Program{FD: -1, Section: "usdt/target:lab:args"})
	if want := "the object has no map __bpf_usdt_specs"; !strings.Contains(message(err), want) {
		t.Errorf("without maps: %v, want %q", err, want)
	}
}

// TestDefinition writes what makes probes tracepoints.
func TestDefinition(t *testing.T) {
	tests := []struct {
		m        maker
		p        bpf.Probe
		onReturn bool
		want     string
	}{
		{kprobes, bpf.Probe{Name: "f"}, false, "p:gobpftool/n f"},
		{kprobes, bpf.Probe{Name: "f", Offset: 17}, false, "p:gobpftool/n f+17"},
		{kprobes, bpf.Probe{Name: "f"}, true, "r:gobpftool/n f"},
		{uprobes, bpf.Probe{Name: "/a/b", Offset: 17}, true, "r:gobpftool/n /a/b:0x11"},
		{uprobes, bpf.Probe{Name: "/a/b", Offset: 17, RefCtr: 32}, false, "p:gobpftool/n /a/b:0x11(0x20)"},
	}
	for _, tt := range tests {
		if got := tt.m.definition("n", tt.p, tt.onReturn); got != tt.want {
			t.Errorf("definition(%v) = %q, want %q", tt.p, got, tt.want)
		}
	}
}

func TestReadFunctions(t *testing.T) {
	functions, err := readFunctions(strings.NewReader("do_b\nvfs_read\ndo_a [mod]\ndo_b\n"), "do_*")
	if diff := cmp.Diff([]string{"do_a", "do_b"}, functions); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	addrs, err := readAddrs(strings.NewReader("ff10 do_b\n20 vfs_read\nff30 do_a [mod]\nff40 do_b\n"), "do_*")
	if diff := cmp.Diff([]uintptr{0xff10, 0xff30, 0xff40}, addrs); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := readAddrs(strings.NewReader("zz do_b\n"), "do_*"); err == nil {
		t.Error("no error about an address that is none")
	}
}

func TestIs(t *testing.T) {
	old, latest := function{name: "f", version: "V_1", hidden: true}, function{name: "f", version: "V_2"}
	tests := []struct {
		f    function
		want string
		is   bool
	}{
		{old, "f", true},
		{latest, "f", true},
		{old, "f@V_1", true},
		{latest, "f@V_1", false},
		{latest, "f@@V_2", true},
		{old, "f@@V_1", false},
		{old, "g", false},
		{old, "fg", false},
		{function{name: "f@V_1"}, "f@V_1", true},
		{function{name: "f@V_1"}, "f@@V_1", false},
		{function{name: "f@@V_2"}, "f@V_2", true},
		{function{name: "f@@V_2"}, "f@@V_2", true},
		{function{name: "f@@V_2"}, "f", true},
		{function{name: "f"}, "f@V_1", false},
	}
	for _, tt := range tests {
		if got := tt.f.is(tt.want); got != tt.is {
			t.Errorf("%+v is %s: %v", tt.f, tt.want, got)
		}
	}
}

// TestWays looks whether there is a way for each section whose programs attach themselves, and for no other.
func TestWays(t *testing.T) {
	used := make(map[string]bool)
	for name := range names.SectionNames {
		s, _ := names.ParseSection(name)
		word := strings.TrimSuffix(s.Name, ".s")
		_, ok := ways()[word]
		if ok != s.Auto && s.Name == name {
			t.Errorf("section %s: attaches itself: %v; there is a way: %v", name, s.Auto, ok)
		}
		used[word] = true
	}
	for word := range ways() {
		if !used[word] {
			t.Errorf("no section %s", word)
		}
	}
}
