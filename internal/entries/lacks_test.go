package entries

import (
	"errors"
	"io/fs"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/names"
)

func TestFailure(t *testing.T) {
	tests := []struct {
		typ, operation string
		err            unix.Errno
		want           string
	}{
		{"array", "delete", unix.EINVAL, "delete failed: the entries of an array cannot be deleted, only overwritten"},
		{"queue", "getnext", unix.EINVAL, "can't get next key: a queue has no keys: 'map peek' shows the value that is next, 'map pop' takes it out"},
		{"hash", "update", unix.EINVAL, "update failed: Invalid argument"},
		{"hash", "pop", enotsupp, "pop failed: this kernel has no such operation for a hash"},
		{"hash", "delete", unix.ENOENT, "delete failed: No such file or directory"},
		{"cgroup_array", "lookup", enotsupp, "lookup failed: the kernel does not tell what is in a cgroup_array: slots can only be set and cleared"},
		{"99", "lookup", unix.EOPNOTSUPP, "lookup failed: this kernel has no such operation for a 99"},
	}
	for _, tt := range tests {
		if got := failure(tt.typ, tt.operation, bpf.Errno(tt.err)).Error(); got != tt.want {
			t.Errorf("failure(%s, %s) = %q, want %q", tt.typ, tt.operation, got, tt.want)
		}
	}
	if err := failure("hash", "delete", unix.ENOENT); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is no %v", err, fs.ErrNotExist)
	}
}

// TestKindsAreKnown compares the table with the words for types and operations.
func TestKindsAreKnown(t *testing.T) {
	var types []string
	for _, k := range Kinds() {
		types = append(types, k.Type)
		for operation := range k.Lacks {
			if !slices.Contains(Operations, operation) {
				t.Errorf("%s: %q is no operation", k.Type, operation)
			}
		}
		if (k.Create == "") == (k.Made == "") || k.Dump == "" {
			t.Errorf("%s: incomplete", k.Type)
		}
		if (k.Dump == nothing) != (k.Lacks["dump"] != "") {
			t.Errorf("%s: a dump promises %q, but %q", k.Type, k.Dump, k.Lacks["dump"])
		}
	}
	if !slices.Equal(types, names.MapTypes()) {
		t.Errorf("rows for %q, want %q", types, names.MapTypes())
	}
}
