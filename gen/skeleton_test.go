package gen

import (
	"testing"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
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
		w, err := readSkeletonWords(&call.Call{Args: args.New("skeleton", words)})
		if err != nil || w.pkg != tt.want {
			t.Errorf("%+v: %q, %v", tt, w.pkg, err)
		}
	}
}

// TestStartedAsBpftool asks for C where that is what the name stands for.
func TestStartedAsBpftool(t *testing.T) {
	for program, want := range map[string]bool{"/usr/sbin/bpftool": true, "gobpftool": false} {
		_, err := readSkeletonWords(&call.Call{Args: args.New("skeleton", []string{"x.o"}), Options: call.Options{Program: program}})
		if (err != nil) != want {
			t.Errorf("%s: %v", program, err)
		}
	}
}

func TestObjectName(t *testing.T) {
	for path, want := range map[string]string{
		"a/b.bpf.o": "b", "trace-open.o": "trace_open", "9p.o": "object_9p", ".o": "object_", "ümlaut.o": "_mlaut", "a b.o": "a_b",
	} {
		if got := objectName(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
