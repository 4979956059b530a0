package decl

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestGoTypesRun reads the variables of an object through their types in Go, and
// writes them anew member by member, which gives the bytes that clang gave them.
//
// Bitfields of the other byte order are the same on this machine.
func TestGoTypesRun(t *testing.T) {
	tests := []struct{ object, values, arch string }{
		{"values.bpfel.o", anyOrder + littleEndian, "amd64"},
		{"values.bpfeb.o", anyOrder, "amd64"},
	}
	for _, tt := range tests {
		t.Run(tt.object, func(t *testing.T) {
			path := filepath.Join("testdata/values", tt.object)
			spec := sample(t, path)
			g := allTypes(spec)
			var program strings.Builder
			program.WriteString("\nfunc main() {\n")
			for id := btf.ID(1); id < spec.Len(); id++ {
				if v := g.get(id); v.Kind == btf.Var && v.Name != "pointed" {
					g.roundTrip(t, &program, v, variable(t, path, v.Name))
				}
			}
			want := strings.TrimSpace(tt.values) + "\n"
			for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
				expression, _, _ := strings.Cut(line, " = ")
				fmt.Fprintf(&program, "\tfmt.Printf(\"%%s = %%v\\n\", %q, %s)\n", expression, expression)
			}
			program.WriteString("}\n")
			source := strings.Replace(string(inFile(t, g, program.String())), "package sample\n\nimport (\n", "package main\n\nimport (\n\t\"fmt\"\n", 1)
			dir := module(t, map[string]string{"main.go": source})
			if diff := cmp.Diff(want, goCommand(t, dir, tt.arch, "run", ".")); diff != "" {
				t.Errorf("the program prints (-want +got):\n%s", diff)
			}
		})
	}
}

// What the variables have, as expressions in Go and their values. anyOrder is
// what does not depend on the byte order of the machine.
const (
	anyOrder = `
bits.A() = -3
bits.B() = 21
bits.C() = 1
bits.D() = 78187493530
bits.E() = -200
bits.F() = true
bits.G() = BLUE
bits.H() = MINUS
longBits.A() = 5
longBits.B() = 8152436061464415727
longBits.C() = -81985529216486895
longBits.D = 66
text.FullString() = abcd
text.PartString() = hello
text.Small = [-1 2]
text.Raw = [7 8 9]
text.Lines[1][0] = 121
value.NameString() = union text
value.Byte() = 117
nested.Kind = 3
nested.Last = 255
wide.No = false
wide.Seek = 8
wide.Yes = true
`
	littleEndian = `packed.C = 99
packed.I() = -70000
packed.Q() = 1234605616436508552
packed.In()[1].Y = -2.5
packed.Yes = true
packed.F() = 0.25
value.Seven() = 117
value.Low() = 28277
value.High() = 28521
nested.First() = 2712847316
nested.Second() = -5
nested.Bytes()[0] = 251
nested.Flags() = 4
nested.Port = 443
nested.Addr = 2130706433
nested.Size = HUGE
nested.GetByte() = -9
nested.ReadByteValue() = -9
next.Next = 0
next.N = 12
wide.Big = [18446744073709551614 18446744073709551615]
wide.F = 1.25
wide.D = -2.5
wide.Deep = ABYSS
wide.Sign = MINUS
wide.Colors = [GREEN BLUE 9]
wide.Rows = [[1 2] [3 4]]
odd.B = 2
odd.C.Number() = -3
odd.D = 4
plain = 77
unnamed0.Only = 6
`
)

// roundTrip writes statements that fill a variable with its bytes, and another
// from its members.
func (g *GoTypes) roundTrip(t *testing.T, w *strings.Builder, v btf.Type, data []byte) {
	typ, size, ok := g.Type(v.ID)
	if !ok || size != uint64(len(data)) {
		t.Fatalf("Type(%s) = %s, %d, %t, want %d bytes", v.Name, typ, size, ok, len(data))
	}
	name := strings.ToLower(GoName(v.Name)[:1]) + GoName(v.Name)[1:]
	fmt.Fprintf(w, "\tvar %s, %[1]s2 %s\n\tcopy(unsafe.Slice((*byte)(unsafe.Pointer(&%[1]s)), %[3]d), %[4]q)\n", name, typ, size, data)
	of, err := g.spec.Resolve(v.Ref())
	if err != nil {
		t.Fatal(err)
	}
	if !isStruct(of.Kind) {
		fmt.Fprintf(w, "\t%s2 = %[1]s\n", name)
	} else {
		for _, p := range g.compose(of).parts {
			switch {
			case p.setter != "":
				fmt.Fprintf(w, "\t%s2.%s(%[1]s.%[3]s())\n", name, p.setter, p.name)
			case p.role == goField:
				fmt.Fprintf(w, "\t%s2.%s = %[1]s.%[2]s\n", name, p.name)
			}
		}
	}
	fmt.Fprintf(w, "\tif got := string(unsafe.Slice((*byte)(unsafe.Pointer(&%s2)), %d)); got != %q {\n\t\tfmt.Printf(\"%[1]s is %%x\\n\", got)\n\t}\n", name, size, data)
}

// variable returns the bytes of a variable of an object.
func variable(t *testing.T, path, name string) []byte {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Name == name {
			data, err := f.Sections[s.Section].Data()
			if err != nil {
				t.Fatal(err)
			}
			return data[s.Value : s.Value+s.Size]
		}
	}
	t.Fatalf("%s has no variable %s", path, name)
	return nil
}

// module writes the files of a module, and returns their folder.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module sample\n\ngo 1.25\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// goCommand runs the go command for an architecture, and returns what it prints.
func goCommand(t *testing.T, dir, arch string, args ...string) string {
	t.Helper()
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	c := exec.Command(goTool, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("go %s for %s: %v\n%.4000s", strings.Join(args, " "), arch, err, errs.Bytes())
	}
	return out.String()
}

// TestGoTypesVet vets the types of all samples, and compiles them with what they
// assert, for machines of all alignments.
func TestGoTypesVet(t *testing.T) {
	little, big := make(map[string]string), make(map[string]string)
	for i, path := range append(samples(t), "testdata/values/values.bpfel.o") {
		little[fmt.Sprintf("sample%d/sample.go", i)] = string(inFile(t, allTypes(sample(t, path)), ""))
	}
	big["sample.go"] = string(inFile(t, allTypes(sample(t, "testdata/values/values.bpfeb.o")), ""))
	dir := module(t, little)
	for _, arch := range []string{"amd64", "386", "arm64"} {
		goCommand(t, dir, arch, "vet", "./...")
	}
	goCommand(t, module(t, big), "s390x", "vet", "./...")
}

// TestGoTypesAssert changes what is asserted, which then does not compile.
func TestGoTypesAssert(t *testing.T) {
	source := inFile(t, allTypes(sample(t, "testdata/layout.btf")), "")
	checkTypes(t, source, "386")
	n := 0
	for _, at := range regexp.MustCompile(`[SO][a-z]+of\(Sample(Far|Mixed)\{\}.*\)-[0-9]+`).FindAllIndex(source, -1) {
		for _, digit := range []string{"1", "0+99"} {
			wrong := bytes.Join([][]byte{source[:at[1]], []byte(digit), source[at[1]:]}, nil)
			if err := typeCheck(wrong, "386"); err == nil {
				t.Errorf("%s is not compared", source[at[0]:at[1]])
			}
			n++
		}
	}
	if n != 8 {
		t.Errorf("%d assertions, want 8", n)
	}
}
