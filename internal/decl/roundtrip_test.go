package decl

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

var moreKernels = flag.String("kernels", "", "directory of files with the BTF of kernels, for TestRoundTrip")

// TestRoundTrip compiles a program that uses all structs, unions and enumerations
// of a header, and finds in the BTF of the program what the header was made from:
// the same types with the same sizes, members and values. Kernels from 6.19 on have
// members that only -fms-extensions makes members.
func TestRoundTrip(t *testing.T) {
	fixture.Need(t, fixture.Clang)
	paths := append(samples(t), "/sys/kernel/btf/vmlinux")
	if *moreKernels != "" {
		more, err := filepath.Glob(*moreKernels + "/*.btf*")
		if err != nil || len(more) == 0 {
			t.Fatalf("no BTF in %s: %v", *moreKernels, err)
		}
		paths = append(paths, more...)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if _, err := os.Stat(path); err != nil {
				t.Skip(err)
			}
			if isKernel := !strings.HasPrefix(path, "testdata"); isKernel && *moreKernels == "" && os.Getenv("GOBPFTOOL_REQUIRE") != "all" {
				t.Skip("clang takes half a minute to write the BTF of a kernel: see -kernels")
			}
			spec, err := btf.Open(path, nil)
			if err != nil {
				t.Fatal(err)
			}
			object := compile(t, program(t, spec), "-w", "-fms-extensions", "-DBPF_NO_PRESERVE_ACCESS_INDEX")
			got, err := btf.Open(object, nil)
			if err != nil {
				t.Fatal(err)
			}
			have := make(map[string]bool)
			for _, tt := range tags(t, got) {
				have[inWords(got, tt)] = true
			}
			n := 0
			for _, tt := range tags(t, spec) {
				if tt.Name == "" || tt.Len() == 0 || hasArguments(spec, tt) {
					continue
				}
				n++
				if want := inWords(spec, tt); !have[want] {
					t.Errorf("the program does not have %.1000s", want)
				}
			}
			t.Logf("%d types", n)
		})
	}
}

// program writes a header and a variable for which its types are needed complete.
func program(t *testing.T, spec *btf.Spec) []byte {
	var source bytes.Buffer
	if err := C(&source, spec, Options{}); err != nil {
		t.Fatal(err)
	}
	defined := regexp.MustCompile(`(?m)^((struct|union|enum) \w+) \{`).FindAllSubmatch(source.Bytes(), -1)
	source.WriteString("union all_types {\n")
	for i, d := range defined {
		fmt.Fprintf(&source, "%s m%d;\n", d[1], i)
	}
	source.WriteString("} *all_of_them;\n")
	return source.Bytes()
}

// number is what tells types or values of one name apart.
var number = regexp.MustCompile(`___[0-9]+$`)

// inWords returns what a struct, union or enumeration has, for comparison. Types
// of members are told by what they are in the end.
func inWords(spec *btf.Spec, t btf.Type) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, size %d:", keyword(t), number.ReplaceAllString(t.Name, ""), sizeInC(t))
	var parts []string
	switch t.Kind {
	case btf.Struct, btf.Union:
		for i := range t.Len() {
			m := t.Member(i)
			bits := m.Bits
			if of, err := spec.Resolve(m.Type); err == nil && of.Kind == btf.Int && bits == 0 {
				// Old BTF has bitfields in the types of members.
				if _, offset, n := of.Int(); n != 8*of.Size() || offset != 0 {
					bits = n
				}
			}
			parts = append(parts, fmt.Sprintf(" %s at %d: %s %d;", m.Name, m.Offset, endOf(spec, m.Type), bits))
		}
	default:
		for i := range t.Len() {
			e := t.Enumerator(i)
			// Whether 32 bits have a sign is not in all BTF.
			parts = append(parts, fmt.Sprintf(" %s = %#x;", number.ReplaceAllString(e.Name, ""), uint32(e.Value)))
		}
		slices.Sort(parts)
	}
	return b.String() + strings.Join(parts, "")
}

// sizeInC returns the size of a type by its declaration. As in bpftool's, that of
// an enumeration does not tell that it has 2 bytes.
func sizeInC(t btf.Type) uint32 {
	if isEnum := t.Kind == btf.Enum || t.Kind == btf.Enum64; isEnum && t.Size() == 2 {
		return 4
	}
	return t.Size()
}

// endOf describes the type at the end of typedefs and qualifiers.
func endOf(spec *btf.Spec, id btf.ID) string {
	t, err := spec.Resolve(id)
	if err != nil {
		return err.Error()
	}
	switch t.Kind {
	case btf.Array:
		elem, _, n := t.Array()
		return fmt.Sprintf("[%d]%s", n, endOf(spec, elem))
	case btf.Struct, btf.Union, btf.Enum, btf.Enum64:
		if t.Name == "" {
			return inWords(spec, t)
		}
		return keyword(t) + " " + number.ReplaceAllString(t.Name, "")
	case btf.Int, btf.Float:
		return fmt.Sprintf("%d bytes", t.Size())
	case btf.Pointer:
		return "pointer"
	}
	return fmt.Sprint("kind ", t.Kind)
}
