package decl

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestRecordings writes the samples as bpftool does. The recordings are made by
// testdata/record.sh; the names of their files are the options.
func TestRecordings(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		spec := sample(t, strings.TrimSuffix(file, ".txtar")+".btf")
		for _, want := range ar.Files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+want.Name, func(t *testing.T) {
				var got bytes.Buffer
				if err := C(&got, spec, options(t, want.Name)); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want.Data), got.String()); diff != "" {
					t.Errorf("C() mismatch (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func sample(t testing.TB, path string) *btf.Spec {
	t.Helper()
	spec, err := btf.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func options(t *testing.T, words string) Options {
	o := Options{Unsorted: words == "unsorted"}
	for _, w := range strings.Fields(words) {
		if strings.Trim(w, "0123456789") != "" {
			continue
		}
		id, err := strconv.ParseUint(w, 10, 32)
		if err != nil {
			t.Fatal(err)
		}
		o.Roots = append(o.Roots, btf.ID(id))
	}
	return o
}

// FuzzC writes what may be no types at all. Samples are long for the fuzzer to
// make smaller: run it with -fuzzminimizetime 10x.
func FuzzC(f *testing.F) {
	files, err := filepath.Glob("testdata/*.btf")
	if err != nil || len(files) == 0 {
		f.Fatalf("no samples: %v", err)
	}
	for _, file := range files {
		f.Add(sampleData(f, file), false)
	}
	for _, tt := range slices.Concat(refused, refusedInC) {
		f.Add(tt.types.Bytes(), true)
	}
	tree, _, _ := goldenHeaders(f)
	beside := readHeaders(f, tree)
	f.Fuzz(func(t *testing.T, data []byte, unsorted bool) {
		spec, err := btf.Parse(data, nil)
		if err != nil {
			return
		}
		for _, o := range []Options{{Unsorted: unsorted}, {Unsorted: unsorted, Beside: beside}} {
			if err := C(io.Discard, spec, o); err != nil && !strings.Contains(err.Error(), "type ") {
				t.Errorf("C() = %v, want the number of a type", err)
			}
		}
	})
}
