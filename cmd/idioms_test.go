package cmd_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// An idiom is a row of docs/idioms.md.
type idiom struct {
	name   string            // of its object in testdata/idioms
	needs  string            // of the kernel: a version, a requirement of package fixture, or a module
	loaded map[string]string // "yes" or "no", by the column's head
}

// Columns of docs/idioms.md.
const (
	libbpfColumn = "libbpf 1.8"
	hereColumn   = "here"
	ciliumColumn = "cilium/ebpf v0.22"
)

// readIdioms reads the table.
func readIdioms(t *testing.T) (list []idiom) {
	text, err := os.ReadFile("../docs/idioms.md")
	check(t, err)
	var heads []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		switch {
		case line[0] != '|' || strings.HasPrefix(cells[0], "--"):
		case heads == nil:
			heads = cells
		case len(cells) != len(heads):
			t.Errorf("%d cells, want %d: %s", len(cells), len(heads), line)
		default:
			row := idiom{name: cells[0], loaded: make(map[string]string)}
			for i, head := range heads {
				row.loaded[head] = cells[i]
			}
			row.needs = row.loaded["needs"]
			list = append(list, row)
		}
	}
	return list
}

// TestIdiomsTable compares the table with the objects.
func TestIdiomsTable(t *testing.T) {
	if inGuest() {
		t.Skip("sources are not there")
	}
	var rows, objects []string
	for _, row := range readIdioms(t) {
		rows = append(rows, row.name)
		for _, head := range []string{libbpfColumn, hereColumn, ciliumColumn} {
			if !slices.Contains([]string{"yes", "no"}, row.loaded[head]) {
				t.Errorf("%s: %s is %q, want yes or no", row.name, head, row.loaded[head])
			}
		}
	}
	files, err := filepath.Glob("../testdata/idioms/*.o")
	check(t, err)
	for _, file := range files {
		objects = append(objects, strings.TrimSuffix(filepath.Base(file), ".o"))
	}
	slices.Sort(rows)
	if diff := cmp.Diff(objects, rows); diff != "" {
		t.Errorf("docs/idioms.md has other rows (-objects +rows)\n%s", diff)
	}
}

// TestIdioms loads the object of each idiom by the tool and the reference: both make the same of
// it, or both refuse it, but for what the table says; and, but in guests, by cilium/ebpf.
func TestIdioms(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	for _, row := range readIdioms(t) {
		t.Run(row.name, func(t *testing.T) {
			if inGuest() && row.loaded[hereColumn] == "no" && row.loaded[libbpfColumn] == "no" {
				t.Skip("it is refused whatever the kernel is")
			}
			ours, theirs := loadIdiom(t, row, false), loadIdiom(t, row, true)
			expect := row.loaded[hereColumn] == row.loaded[libbpfColumn]
			if expect && ours.ok() != theirs.ok() {
				t.Errorf("the tool: %s\nthe reference: %s", ours.said, theirs.said)
			}
			if ours.ok() && theirs.ok() {
				if diff := cmp.Diff(theirs.made, ours.made); diff != "" {
					t.Errorf("made (-reference +tool)\n%s", diff)
				}
			}
			if row.is(t) {
				row.expect(t, hereColumn, ours.ok(), ours.said)
				row.expect(t, libbpfColumn, theirs.ok(), theirs.said)
				if !inGuest() {
					err := loadByCilium(t, row)
					row.expect(t, ciliumColumn, err == nil, fmt.Sprint(err))
				}
			}
		})
	}
}

func (i idiom) file() string { return "../testdata/idioms/" + i.name + ".o" }

func (i idiom) expect(t *testing.T, column string, loaded bool, said string) {
	t.Helper()
	if want := i.loaded[column]; loaded != (want == "yes") {
		t.Errorf("%s: loaded is %t, the table says %s\n%s", column, loaded, want, said)
	}
}

// is reports whether the row is about this kernel: one that is not old, and has what the idiom
// needs.
func (i idiom) is(t *testing.T) bool {
	t.Helper()
	const old = "6.12"
	version := release(t)
	switch need := i.needs; {
	case version < versionNumber(t, old):
		return false
	case need == "":
		return true
	case need[0] >= '0' && need[0] <= '9':
		return version >= versionNumber(t, need)
	case need == "config":
		files, _ := filepath.Glob("/boot/config-*")
		_, err := os.Stat("/proc/config.gz")
		return err == nil || len(files) > 0
	case need == "variables":
		symbols, err := os.ReadFile("/proc/kallsyms")
		return err == nil && bytes.Contains(symbols, []byte(" runqueues\n"))
	case need == string(fixture.Trampoline):
		row, _ := fixture.Find(fixture.Progs, "tracing.fentry")
		o, err := row.Make()
		if err != nil {
			return false
		}
		o.Close()
		return true
	default:
		_, err := os.Stat("/sys/kernel/btf/" + i.module())
		return err == nil
	}
}

// module returns the module that must be there, or "".
func (i idiom) module() string {
	switch need := i.needs; {
	case need == "", need[0] >= '0' && need[0] <= '9', slices.Contains([]string{"config", "variables", string(fixture.Trampoline)}, need):
		return ""
	default:
		return need
	}
}

// release is the version of the running kernel.
func release(t *testing.T) int {
	var u unix.Utsname
	check(t, unix.Uname(&u))
	return versionNumber(t, unix.ByteSliceToString(u.Release[:]))
}

// versionNumber makes a number of the first two parts of a version.
func versionNumber(t *testing.T, version string) int {
	t.Helper()
	parts := strings.SplitN(version, ".", 3)
	major, err := strconv.Atoi(parts[0])
	check(t, err)
	minor, err := strconv.Atoi(regexp.MustCompile(`^\d+`).FindString(parts[1]))
	check(t, err)
	return major*1000 + minor
}

// An outcome is what became of an object.
type outcome struct {
	words []string          // of the command that has loaded it
	said  string            // why none has
	made  map[string]string // what is in the kernel, by file below the mount
}

func (o *outcome) ok() bool { return o.said == "" }

// ways are the words by which an object is loaded, the first that work: the reference cannot pin
// maps twice, nor programs that are not loaded.
var ways = [][]string{
	{"loadall", "", "/sys/fs/bpf/progs", "pinmaps", "/sys/fs/bpf/maps"},
	{"loadall", "", "/sys/fs/bpf/progs"},
	{"load", "", "/sys/fs/bpf/progs"},
}

// loadIdiom loads an object where nothing is pinned, and tells what that has made. The tool has to do it
// in the way of the reference.
func loadIdiom(t *testing.T, row idiom, reference bool) *outcome {
	t.Helper()
	s := newScript(t)
	o := &outcome{}
	for _, words := range waysOf(t, s, row) {
		unmount := mountShared(t)
		defer unmount()
		o.words = words
		if o.said = s.load(words, reference); o.ok() {
			o.made = s.made(row)
			return o
		}
	}
	return o
}

// waysOf returns the words that the reference can do with an object, or all.
func waysOf(t *testing.T, s *script, row idiom) (list [][]string) {
	t.Helper()
	for _, way := range ways {
		words := slices.Clone(way)
		words[1] = row.file()
		unmount := mountShared(t)
		said := s.load(words, true)
		unmount()
		if said == "" {
			return [][]string{words}
		}
		list = append(list, words)
	}
	return list
}

// mountShared mounts a bpffs where maps are pinned by their names.
func mountShared(t *testing.T) (unmount func()) {
	t.Helper()
	const dir = "/sys/fs/bpf"
	check(t, unix.Mount("bpf", dir, "bpf", 0, ""))
	return func() { check(t, unix.Unmount(dir, unix.MNT_DETACH)) }
}

// load loads an object and returns why that has failed.
func (s *script) load(words []string, reference bool) string {
	words = append([]string{"prog"}, words...)
	if reference {
		tool, _ := fixture.Reference()
		check(s.t, s.exec(exec.Command(tool, words...)))
	} else {
		s.gobpftool(words)
	}
	if s.status == 0 {
		return ""
	}
	return s.stdout + s.stderr + "exit status " + strconv.Itoa(s.status)
}

// made tells what is pinned, and what belongs to that.
func (s *script) made(row idiom) map[string]string {
	found := make(map[string]string)
	dir := "/sys/fs/bpf"
	check(s.t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".debug") {
			return err
		}
		name := strings.TrimPrefix(path, dir)
		if strings.HasPrefix(name, "/progs") {
			found[name] = s.program(path)
			if row.module() != "" {
				found[name] = programTag.ReplaceAllString(found[name], "")
			}
		} else {
			found[name] = s.mapFacts(path)
		}
		return nil
	}))
	return found
}

// programTag is of programs a hash of their instructions before the kernel has changed them. Where they name what a module
// has, the number of a descriptor is among these.
var programTag = regexp.MustCompile(`  tag [0-9a-f]{16}`)

// program tells what a program is, and what its code and types are.
func (s *script) program(path string) string {
	var fact struct {
		BTF  int   `json:"btf_id"`
		Maps []int `json:"map_ids"`
	}
	s.gobpftool([]string{"-j", "prog", "show", "pinned", path})
	check(s.t, json.Unmarshal([]byte(s.stdout), &fact))
	text := s.answersOf("prog", "show", "pinned", path)
	if inGuest() { // where reading /proc/kallsyms takes seconds
		text += fmt.Sprintf("% x\n", withoutMaps(xlated(s.t, path)))
	} else {
		text += s.answersOf("prog", "dump", "xlated", "pinned", path)
	}
	if fact.BTF != 0 {
		text += s.answersOf("btf", "dump", "id", strconv.Itoa(fact.BTF))
	}
	return text + fmt.Sprintf("%d maps\n", len(fact.Maps))
}

// mapFacts tells what a map is, and what is in it.
func (s *script) mapFacts(path string) string {
	shown, dump := s.answersOf("map", "show", "pinned", path), s.answersOf("map", "dump", "pinned", path)
	if strings.HasPrefix(shown, "prog_array ") {
		dump = progNumber.ReplaceAllString(dump, "${1}program")
	}
	return shown + dump
}

// progNumber is what stands for a program in the dump of an array of programs.
var progNumber = regexp.MustCompile(`(?m)^(key: .. .. .. ..  value: ).. .. .. ..$`)

// particular is what differs between two times of loading the same, or between the tools for a reason
// that the table tells.
var particular = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?m)^\d+: `), ""},
	{regexp.MustCompile(`(loaded_at \S+|(btf_id|map_ids) [\d,]+|(memlock|jited) \d+B|\n\tpids .*)`), ""},
	{regexp.MustCompile(`map\[id:\d+\]|inner_map_id: \d+`), "map"},
	{regexp.MustCompile(`0x[0-9a-f]{16}\b|\b18\d{18}\b`), "address"},
	{regexp.MustCompile(`("LINUX_HAS_SYSCALL_WRAPPER": )(true|false)`), "${1}either"},
}

// answersOf returns what the tool prints, without what is particular.
func (s *script) answersOf(args ...string) string {
	s.gobpftool(args)
	text := s.stdout + s.stderr
	for _, p := range particular {
		text = p.pattern.ReplaceAllString(text, p.instead)
	}
	return text
}

// loadByCilium loads an object by the library.
func loadByCilium(t *testing.T, row idiom) error {
	t.Helper()
	spec, err := ebpf.LoadCollectionSpec(row.file())
	if err != nil {
		return err
	}
	unmount := mountShared(t)
	defer unmount()
	c, err := ebpf.NewCollectionWithOptions(spec, ebpf.CollectionOptions{Maps: ebpf.MapOptions{PinPath: "/sys/fs/bpf"}})
	if err != nil {
		return err
	}
	c.Close()
	return nil
}

// TestIdiomsReuse loads objects with maps that are pinned by their names one after the other, by the tool and the
// reference: the second uses the map of the first, if that is what it wants.
func TestIdiomsReuse(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	for _, tt := range []struct {
		first, second string
		ok            bool
	}{
		{"map_pinned", "map_pinned", true},
		{"map_pinned_devmap", "map_pinned_devmap", true},
		{"map_pinned_events", "map_pinned_events", true},
		{"map_pinned", "map_pinned_differs", false},
	} {
		for _, reference := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s %s reference first %t", tt.first, tt.second, reference), func(t *testing.T) {
				s := newScript(t)
				unmount := mountShared(t)
				defer unmount()
				if said := s.load([]string{"load", idiom{name: tt.first}.file(), "/sys/fs/bpf/first"}, reference); said != "" {
					t.Fatal(said)
				}
				before := s.shared()
				for _, by := range []bool{true, false} {
					path := fmt.Sprintf("/sys/fs/bpf/second_%t", by)
					said := s.load([]string{"load", idiom{name: tt.second}.file(), path}, by)
					if (said == "") != tt.ok {
						t.Errorf("by the reference: %t: loaded is %t, want %t\n%s", by, said == "", tt.ok, said)
					}
				}
				if after := s.shared(); after != before {
					t.Errorf("maps were\n%snow\n%s", before, after)
				}
			})
		}
	}
}

// shared tells which maps are pinned by their names.
func (s *script) shared() (text string) {
	files, _ := filepath.Glob("/sys/fs/bpf/*")
	for _, file := range files {
		s.gobpftool([]string{"map", "show", "pinned", file})
		if s.status == 0 {
			text += file + " " + strings.Fields(s.stdout)[0] + "\n"
		}
	}
	return text
}
