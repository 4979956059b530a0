package names_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/names"
)

// A kernelRecord is what kernelsFile says about one kernel.
type kernelRecord struct {
	name          string
	in            names.Version
	last, without map[string][]string // by key of enums
	added         map[string][]string // "kfuncs", "iters", "struct_ops"
}

func readKernels(t *testing.T) []kernelRecord {
	f, err := os.Open(kernelsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []kernelRecord
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "kernel":
			list = append(list, kernelRecord{
				name: words[1], in: versionOf(t, words[1]), last: make(map[string][]string), without: make(map[string][]string),
				added: make(map[string][]string),
			})
		case "last":
			list[len(list)-1].last[words[1]] = words[2:]
		case "without":
			list[len(list)-1].without[words[1]] = words[2:]
		case "kfuncs", "iters", "struct_ops":
			list[len(list)-1].added[words[0]] = words[1:]
		}
	}
	if err := lines.Err(); err != nil || len(list) < 12 {
		t.Fatalf("%d kernels, %v", len(list), err)
	}
	return list
}

// unmade are the reasons why the reference could not make what a kernel has.
var unmade = map[string]string{
	"lirc_mode2": "CONFIG_BPF_LIRC_MODE2 is in none of the kernels",
	"tracing":    "one kernel allows no trampolines",
	"ext":        "as tracing",
	"lsm":        "as tracing",
	"struct_ops": "the reference asks in a way that is new with 6.9",
}

// TestSince compares with what kernels have.
func TestSince(t *testing.T) {
	for _, k := range readKernels(t) {
		t.Run(k.name, func(t *testing.T) {
			for _, e := range enums {
				end := 1 // numbers of what the kernel names are below
				for e.word(end-1) != k.last[e.key][0] {
					end++
				}
				for n := 1; e.word(n) != "" && !e.in(n).IsZero(); n++ {
					if has := n < end; has != (e.in(n).Compare(k.in) <= 0) {
						t.Errorf("%s %s: named here: %v, but said to be there since %v", e.key, e.word(n), has, e.in(n))
					}
				}
				checkUnmade(t, e.key, k.without[e.key])
			}
		})
	}
}

// checkUnmade makes sure that there is a reason for whatever could not be made.
func checkUnmade(t *testing.T, key string, without []string) {
	for _, word := range without {
		if key == "helpers" || key == "attach_types" {
			continue // types of programs have them that the reference does not ask about
		}
		if unmade[word] == "" {
			t.Errorf("%s %s: cannot be made, although it is said to be there", key, word)
		}
	}
}

// TestNewest makes sure that every name has a version.
func TestNewest(t *testing.T) {
	for _, e := range enums {
		newest := names.Version{Major: 7, Minor: 3}
		n := 1
		for ; !e.in(n).IsZero(); n++ {
			if e.in(n).Compare(newest) > 0 {
				t.Errorf("%s %s is of %v", e.key, e.word(n), e.in(n))
			}
		}
		if want := map[string]int{"prog_types": 33, "map_types": 36, "attach_types": 62, "helpers": 212}[e.key]; n != want {
			t.Errorf("%s: %d have a version, want %d", e.key, n, want)
		}
	}
}

// TestKfuncSince compares with the types of kernels, which mark functions from 6.12 on.
func TestKfuncSince(t *testing.T) {
	kernels := readKernels(t)
	first := slices.IndexFunc(kernels, func(k kernelRecord) bool { return len(k.added["kfuncs"]) > 0 })
	if first < 0 {
		t.Fatal("no functions")
	}
	for _, k := range kernels[first:] {
		for _, f := range k.added["kfuncs"] {
			if strings.Contains(f, "_test") || strings.Contains(f, "_memb_") {
				continue // for the tests of the kernel
			}
			if in := names.KfuncSince(f); in.IsZero() || in.Compare(k.in) > 0 {
				t.Errorf("%s: in %s, but said to be there since %v", f, k.name, in)
			}
		}
	}
	for name, want := range map[string]string{
		"bpf_task_from_pid": "6.2", "bpf_dynptr_from_skb": "6.4", "bpf_arena_alloc_pages": "6.9", "tcp_slow_start": "5.13",
		"scx_bpf_kick_cpu": "6.12", "bpf_dynptr_is_rdonly": "6.5", "nobody_has_it": "unknown", "": "unknown",
	} {
		if got := names.KfuncSince(name).String(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestByTypes compares with the structs of kernels that there are for iterators, and for what
// programs are functions of.
func TestByTypes(t *testing.T) {
	others := []string{
		"task__safe_trusted",                                       // for the verifier
		"map", "value", "common_value", "arg_info", "desc", "link", // of what struct_ops are made of
	}
	var before names.Version
	for _, k := range readKernels(t) {
		for key, since := range map[string]func(string) names.Version{"iters": names.IterSince, "struct_ops": names.StructOpsSince} {
			for _, name := range k.added[key] {
				if slices.Contains(others, name) {
					continue
				}
				// Most depend on the configuration, so the kernel before may have been without.
				if in := since(name); in.IsZero() || in.Compare(k.in) > 0 || key == "iters" && in.Compare(before) <= 0 {
					t.Errorf("%s %s: in %s and not in %v, but said to be there since %v", key, name, k.name, before, in)
				}
			}
		}
		before = k.in
	}
}

func TestSleepableSince(t *testing.T) {
	for name, more := range names.SectionNames {
		s, ok := names.ParseSection(name)
		if !ok && more {
			s, ok = names.ParseSection(name + "/x")
		}
		if in := names.SleepableSince(s); !ok || s.Sleepable && in.Compare(s.Type.Since()) < 0 {
			t.Errorf("%s: %v", name, in)
		}
	}
}

func TestMapFlags(t *testing.T) {
	var got []string
	for _, f := range names.MapFlags(1<<7 | 1<<10 | 1<<31) {
		got = append(got, f.Name+" "+f.In.String())
	}
	if want := "rdonly_prog 5.2, mmapable 5.5,  unknown"; strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestVersion(t *testing.T) {
	for text, want := range map[string]string{
		"5.10": "5.10", "v6.1": "6.1", "6.18.44-fc-v669": "6.18", "7.3-rc1": "7.3",
		"": "", "6": "", "6.": "", "x.1": "", "6.x": "", "70000.1": "", "-1.2": "",
	} {
		v, err := names.ParseVersion(text)
		if (err == nil) != (want != "") || err == nil && v.String() != want {
			t.Errorf("ParseVersion(%q) = %v, %v; want %q", text, v, err, want)
		}
	}
}

// TestKfuncs looks for each name in the list of all.
func TestKfuncs(t *testing.T) {
	all := names.Kfuncs()
	if len(all) < 300 {
		t.Errorf("%d functions", len(all))
	}
	for _, name := range all {
		if names.KfuncSince(name).IsZero() {
			t.Errorf("nothing is known of %s", name)
		}
	}
}
