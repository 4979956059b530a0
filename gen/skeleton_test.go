package gen

import (
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/args"
)

// TestPackage tells which package a skeleton belongs to.
func TestPackage(t *testing.T) {
	for _, tt := range []struct{ environment, object, said, want string }{
		{"", "a/trace_open.bpf.o", "", "traceopen"},
		{"main", "a/trace_open.bpf.o", "", "main"},
		{"main", "a/trace_open.bpf.o", "other", "other"},
		{"", "1st-object.o", "", "object1stobject"},
	} {
		t.Setenv("GOPACKAGE", tt.environment)
		words := []string{tt.object}
		if tt.said != "" {
			words = append(words, "package", tt.said)
		}
		w := skeletonWords{lang: "go"}
		err := w.read(args.New("skeleton", words))
		if err != nil || w.pkg != tt.want {
			t.Errorf("%+v: %q, %v", tt, w.pkg, err)
		}
	}
}

// TestStartedAsBpftool asks for C where that is what the name stands for.
func TestStartedAsBpftool(t *testing.T) {
	for program, want := range map[string]string{"/usr/sbin/bpftool": "c", "gobpftool": "go"} {
		if got := defaultLang(program); got != want {
			t.Errorf("%s: %q, want %q", program, got, want)
		}
	}
}

// TestCName compares with what the reference calls skeletons.
func TestCName(t *testing.T) {
	long := strings.Repeat("long", 20)
	for path, want := range map[string]string{
		"a/b.bpf.o": "b_bpf", "trace-open.o": "trace_open", "9p.o": "9p", ".o": "", "o": "o", "xo": "xo", "ü.o": "__", "a b.o.o": "a_b_o",
		"/" + long + ".o": long[:63], long[:61] + ".o": long[:61], long[:62] + ".o": long[:62] + "_",
	} {
		if got := cName(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestObjectName(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.bpf.o": "b", "trace-open.o": "trace_open", "9p.o": "object_9p", ".o": "object_", "ümlaut.o": "object_mlaut", "_x.o": "object_x", "-f.o": "object_f", "a b.o": "a_b",
	} {
		if got := objectName(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
