package decl

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestGoTypes writes all types of the samples. gofmt would not change a byte.
// With -update, testdata/*.types.golden are written anew.
func TestGoTypes(t *testing.T) {
	for _, file := range samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got := inFile(t, allTypes(sample(t, file)), "")
			golden := strings.TrimSuffix(file, ".btf") + ".types.golden"
			if *update {
				if err := os.WriteFile(golden, got, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(sampleData(t, golden)), string(got)); diff != "" {
				t.Errorf("Write() mismatch (-want +got):\n%s", diff)
			}
			checkFormat(t, got)
		})
	}
}

// allTypes asks for all types of a Spec.
func allTypes(spec *btf.Spec) *GoTypes {
	g := NewGoTypes(spec, "Sample", "SampleMaps")
	for id := range spec.Len() {
		g.Type(id)
	}
	return g
}

// inFile returns a file with the declarations of g, and more behind them.
func inFile(t testing.TB, g *GoTypes, more string) []byte {
	t.Helper()
	var types, file bytes.Buffer
	if err := g.Write(&types); err != nil {
		t.Fatal(err)
	}
	file.WriteString("package sample\n")
	switch list := g.Imports(); len(list) {
	case 0:
	case 1:
		file.WriteString("\nimport \"" + list[0] + "\"\n")
	default:
		file.WriteString("\nimport (\n\t\"" + strings.Join(list, "\"\n\t\"") + "\"\n)\n")
	}
	file.Write(types.Bytes())
	file.WriteString(more)
	return file.Bytes()
}
