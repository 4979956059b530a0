package decl

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestCompile compiles declarations, and compares the sizes and places that
// they give to types and members with those that they were made from.
func TestCompile(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	for _, path := range []string{"testdata/layout.btf", "testdata/order.btf", "testdata/declarators.btf", "/sys/kernel/btf/vmlinux"} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if _, err := os.Stat(path); err != nil {
				t.Skip(err)
			}
			spec := sample(t, path)
			var source bytes.Buffer
			if err := C(&source, spec, Options{}); err != nil {
				t.Fatal(err)
			}
			n := assertLayout(t, &source, spec)
			compile(t, source.Bytes(), "-w")
			t.Logf("%d assertions", n)
		})
	}
}

// compile returns the file of the object.
func compile(t *testing.T, source []byte, flags ...string) string {
	t.Helper()
	clang, _ := fixture.Compiler()
	object := filepath.Join(t.TempDir(), "out.o")
	flags = append(flags, "-g", "-ferror-limit=0", "-target", "bpf", "-x", "c", "-c", "-o", object, "-")
	c := exec.Command(clang, flags...)
	c.Stdin = bytes.NewReader(source)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	return object
}

// assertLayout adds assertions about the structs and unions that have a name of
// their own, and returns how many.
func assertLayout(t *testing.T, w *bytes.Buffer, spec *btf.Spec) int {
	used := make(map[string]int)
	for _, tt := range tags(t, spec) {
		used[tt.Name]++
	}
	n := 0
	for _, tt := range tags(t, spec) {
		isEnum := tt.Kind == btf.Enum || tt.Kind == btf.Enum64
		if tt.Name == "" || used[tt.Name] > 1 || isEnum || hasArguments(spec, tt) {
			continue
		}
		keyword := "struct"
		if tt.Kind == btf.Union {
			keyword = "union"
		}
		fmt.Fprintf(w, "_Static_assert(sizeof(%s %s) == %d, \"size of %s\");\n", keyword, tt.Name, tt.Size(), tt.Name)
		n++
		for i := range tt.Len() {
			m := tt.Member(i)
			if m.Name == "" || m.Bits != 0 {
				continue
			}
			fmt.Fprintf(w, "_Static_assert(__builtin_offsetof(%s %s, %s) == %d, \"offset of %[3]s in %[2]s\");\n", keyword, tt.Name, m.Name, m.Offset/8)
			n++
		}
	}
	return n
}

// hasArguments reports whether a member of a struct is a va_list, whose size
// depends on the machine that a program is compiled for.
func hasArguments(spec *btf.Spec, t btf.Type) bool {
	for i := range t.Len() {
		if !isStruct(t.Kind) {
			break
		}
		if m, err := spec.Type(t.Member(i).Type); err == nil && m.Name == "va_list" {
			return true
		}
	}
	return false
}

// tags returns the structs, unions and enumerations.
func tags(t *testing.T, spec *btf.Spec) []btf.Type {
	var found []btf.Type
	for id := btf.ID(1); id < spec.Len(); id++ {
		tt, err := spec.Type(id)
		if err != nil {
			t.Fatal(err)
		}
		switch tt.Kind {
		case btf.Struct, btf.Union, btf.Enum, btf.Enum64:
			found = append(found, tt)
		}
	}
	return found
}
