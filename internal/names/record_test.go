package names_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

var recordKernels = flag.String("record-kernels", "",
	"folders with NAME.btf.xz of kernels, and with NAME/feature-probe-kernel.json of the reference, with a colon between: write kernelsFile anew")

// kernelsFile has what is known of kernels. A kernel starts with a line "kernel NAME"; the
// last name of each enumeration of its types follows, what the reference could not make there
// although the types name it; then functions, iterators and structs of functions that the
// types of kernels before do not have.
const kernelsFile = "testdata/kernels.txt"

// enums are those whose names have a table, with the words for them.
var enums = []struct {
	key, enum string
	last      string // no name, but the end
	word      func(n int) string
	in        func(n int) names.Version
}{
	{"prog_types", "bpf_prog_type", "__MAX_BPF_PROG_TYPE",
		func(n int) string { return names.ProgType(n).String() }, func(n int) names.Version { return names.ProgType(n).Since() }},
	{"map_types", "bpf_map_type", "__MAX_BPF_MAP_TYPE",
		func(n int) string { return names.MapType(n).String() }, func(n int) names.Version { return names.MapType(n).Since() }},
	{"attach_types", "bpf_attach_type", "__MAX_BPF_ATTACH_TYPE",
		func(n int) string { return names.AttachType(n).String() }, func(n int) names.Version { return names.AttachType(n).Since() }},
	{"helpers", "bpf_func_id", "__BPF_FUNC_MAX_ID",
		func(n int) string { name, _ := names.Helper(int32(n)); return name }, func(n int) names.Version { return names.HelperSince(int32(n)) }},
}

// TestRecordKernels makes the recording.
func TestRecordKernels(t *testing.T) {
	if *recordKernels == "" {
		t.Skip("-record-kernels is not given")
	}
	types, probes, _ := strings.Cut(*recordKernels, ":")
	files, err := filepath.Glob(filepath.Join(types, "*.btf.xz"))
	if err != nil || len(files) == 0 {
		t.Fatal("no kernels", err)
	}
	slices.SortFunc(files, func(a, b string) int { return versionOf(t, a).Compare(versionOf(t, b)) })
	var b strings.Builder
	fmt.Fprintln(&b, "# Written by go test -run TestRecordKernels: see record_test.go.")
	before := make(map[string]bool)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".btf.xz")
		spec, err := btf.Open(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		probed := readProbe(t, filepath.Join(probes, name, "feature-probe-kernel.json"))
		fmt.Fprintf(&b, "kernel %s\n", name)
		for _, e := range enums {
			end := endOf(t, spec, e.enum, e.last)
			fmt.Fprintf(&b, "last %s %s\n", e.key, e.word(end-1))
			var missing []string
			for n := 1; n < end && probed[e.key] != nil; n++ {
				if !probed[e.key][e.word(n)] {
					missing = append(missing, e.word(n))
				}
			}
			fmt.Fprintln(&b, strings.TrimSpace("without "+e.key+" "+strings.Join(missing, " ")))
		}
		for _, found := range []struct {
			key   string
			names map[string]bool
		}{{"kfuncs", kfuncs(spec)}, {"iters", structs(spec, "bpf_iter__")}, {"struct_ops", structs(spec, "bpf_struct_ops_")}} {
			var added []string
			for name := range found.names {
				if key := found.key + " " + name; !before[key] {
					added = append(added, name)
					before[key] = true
				}
			}
			slices.Sort(added)
			fmt.Fprintln(&b, strings.TrimSpace(found.key+" "+strings.Join(added, " ")))
		}
	}
	if err := os.WriteFile(kernelsFile, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func versionOf(t *testing.T, path string) names.Version {
	v, err := names.ParseVersion(filepath.Base(path))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// endOf returns the number of the name of an enumeration that ends it.
func endOf(t *testing.T, spec *btf.Spec, enum, last string) int {
	ids, err := spec.Types(enum)
	if err != nil {
		t.Fatal(err)
	}
	e, err := spec.Type(ids[0])
	if err != nil {
		t.Fatal(err)
	}
	end := 0
	for i := range e.Len() {
		if v := e.Enumerator(i); v.Name == last {
			return int(v.Value)
		} else if !strings.Contains(v.Name, "MAX") {
			end = max(end, int(v.Value)+1)
		}
	}
	return end
}

// kfuncs returns the functions of a kernel that its types mark as such.
func kfuncs(spec *btf.Spec) map[string]bool {
	found := make(map[string]bool)
	for id := btf.ID(1); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.DeclTag {
			continue
		}
		tag, err := spec.Type(id)
		if err != nil || tag.Name != "bpf_kfunc" {
			continue
		}
		if f, err := spec.Type(tag.Ref()); err == nil && f.Kind == btf.Func {
			found[f.Name] = true
		}
	}
	return found
}

// structs returns how the names of the structs of a kernel go on that start with prefix.
func structs(spec *btf.Spec, prefix string) map[string]bool {
	found := make(map[string]bool)
	for id := btf.ID(1); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.Struct {
			continue
		}
		if t, err := spec.Type(id); err == nil && strings.HasPrefix(t.Name, prefix) {
			found[strings.TrimPrefix(t.Name, prefix)] = true
		}
	}
	return found
}

// readProbe returns what the reference found to be there, by the keys of enums. The helpers are
// those of any type of programs.
func readProbe(t *testing.T, path string) map[string]map[string]bool {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var probe struct {
		Progs   map[string]bool     `json:"program_types"`
		Maps    map[string]bool     `json:"map_types"`
		Helpers map[string][]string `json:"helpers"`
	}
	if err := json.Unmarshal(data, &probe); err != nil {
		t.Fatal(err)
	}
	helpers := make(map[string]bool)
	for list := range maps.Values(probe.Helpers) {
		for _, h := range list {
			helpers[h] = true
		}
	}
	return map[string]map[string]bool{
		"prog_types": words(probe.Progs, "_prog_type"), "map_types": words(probe.Maps, "_map_type"), "helpers": helpers,
	}
}

// words takes off what the reference puts around the names of types.
func words(found map[string]bool, behind string) map[string]bool {
	list := make(map[string]bool)
	for key, is := range found {
		list[strings.TrimSuffix(strings.TrimPrefix(key, "have_"), behind)] = is
	}
	return list
}
