package btfdiff

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// TestKernels compares real kernels, and compares what is found with what
// another library and a comparison of texts find.
func TestKernels(t *testing.T) {
	const lab = "../../.lab/kernels/"
	oldest, running, newest := lab+"bullseye-security/boot/vmlinuz-*", "/sys/kernel/btf/vmlinux", lab+"trixie-backports/usr/lib/modules/*/vmlinuz"
	t.Run("oldest and running", func(t *testing.T) { compareKernels(t, kernel(t, oldest), kernel(t, running)) })
	t.Run("running and newest", func(t *testing.T) { compareKernels(t, kernel(t, running), kernel(t, newest)) })
}

// kernel returns the file that a pattern stands for.
func kernel(t *testing.T, pattern string) string {
	found, _ := filepath.Glob(pattern)
	if len(found) > 0 {
		return found[0]
	}
	why := fmt.Sprintf("no %s: make lab gets kernels, and that which runs has types if it was built with CONFIG_DEBUG_INFO_BTF", pattern)
	if os.Getenv("GOBPFTOOL_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip(why)
	return ""
}

func compareKernels(t *testing.T, oldPath, newPath string) {
	d, err := New(open(t, oldPath), open(t, newPath), Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	old, new := readPlainly(t, oldPath), readPlainly(t, newPath)
	for c := range Classes {
		got := make(tally)
		fields := make(map[string][]string)
		for f, err := range d.Findings(c) {
			if err != nil {
				t.Fatal(err)
			}
			got.add(f.Name, f.Change, 1)
			for _, p := range f.Fields {
				fields[f.Name] = append(fields[f.Name], fieldLines(p)...)
			}
			for _, v := range f.Values {
				fields[f.Name] = append(fields[f.Name], valueLine(v))
			}
		}
		want := compareTexts(old.texts[c], new.texts[c])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.5000s", c, diff)
		}
		n := 0
		for name := range got {
			n += checkParts(t, c, name, old, new, fields[name])
		}
		t.Logf("%s: %d names with changes, %d changes of parts", c, len(got), n)
	}
}

func open(t *testing.T, path string) *btf.Spec {
	s, err := btf.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A tally counts by names what happened to types.
type tally map[string]map[Change]int

func (t tally) add(name string, c Change, n int) {
	if n == 0 {
		return
	}
	if t[name] == nil {
		t[name] = make(map[Change]int)
	}
	t[name][c] += n
}

// compareTexts compares what types are made of as texts.
func compareTexts(old, new map[string][]string) tally {
	t := make(tally)
	for name := range old {
		if new[name] == nil {
			new[name] = []string{}
		}
	}
	for name, texts := range new {
		gone, more := difference(old[name], texts), difference(texts, old[name])
		both := min(len(gone), len(more))
		t.add(name, Changed, both)
		t.add(name, Removed, len(gone)-both)
		t.add(name, Added, len(more)-both)
	}
	return t
}

// difference returns what is in a more often than in b.
func difference(a, b []string) (list []string) {
	count := make(map[string]int)
	for _, s := range b {
		count[s]++
	}
	for _, s := range a {
		if count[s]--; count[s] < 0 {
			list = append(list, s)
		}
	}
	return list
}

// fieldLines writes what changed about a field, a line for each side of it.
func fieldLines(p Field) []string {
	switch p.Change {
	case Added:
		return []string{"+ " + p.Name}
	case Removed:
		return []string{"- " + p.Name}
	case Renamed:
		return []string{"- " + p.Was, "+ " + p.Name}
	}
	if p.Size != nil {
		return nil // said only where nothing else is; it shows in the text of the whole type
	}
	line := "~ " + p.Name
	if p.Offset != nil {
		line += fmt.Sprintf(" offset %d %d", *p.Offset.Old, *p.Offset.New)
	}
	if p.Bits != nil {
		line += fmt.Sprintf(" bits %d %d", *p.Bits.Old, *p.Bits.New)
	}
	if p.Type != nil {
		line += " type"
	}
	return []string{line}
}

func valueLine(v Value) string {
	switch v.Change {
	case Added:
		return "+ " + v.Name + " = " + v.Value.New.String()
	case Removed:
		return "- " + v.Name + " = " + v.Value.Old.String()
	}
	return "~ " + v.Name + " = " + v.Value.Old.String() + " " + v.Value.New.String()
}

// checkParts compares the changes that were found within one type, if it is the
// only one of its name, with those between two lists. It returns how many there
// are.
func checkParts(t *testing.T, c Class, name string, old, new *plainly, got []string) int {
	a, b := old.parts[c][name], new.parts[c][name]
	if len(a) != 1 || len(b) != 1 || hasTwins(a[0]) || hasTwins(b[0]) {
		return 0
	}
	want := compareLists(a[0], b[0])
	got = slices.DeleteFunc(got, func(line string) bool { return !isComparable(a[0], b[0], strings.Fields(line)[1]) })
	if len(want)+len(got) == 0 {
		return 0
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s %s (-want +got):\n%s", c, name, diff)
	}
	return len(want)
}

func hasTwins(parts map[string]part) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(parts)), func(path string) bool { return strings.Contains(path, twin) })
}

// compareLists compares parts by their paths. Those within what only one side
// has do not count.
func compareLists(old, new map[string]part) []string {
	var lines []string
	for path, p := range old {
		q, ok := new[path]
		switch {
		case !isComparable(old, new, path):
		case !ok && p.value != "":
			lines = append(lines, "- "+path+" = "+p.value)
		case !ok:
			lines = append(lines, "- "+path)
		case p.value != "" && p.raw != q.raw:
			lines = append(lines, "~ "+path+" = "+p.value+" "+q.value)
		case p.value == "":
			line := "~ " + path
			if p.off != q.off {
				line += fmt.Sprintf(" offset %d %d", p.off, q.off)
			}
			if p.bits != q.bits {
				line += fmt.Sprintf(" bits %d %d", p.bits, q.bits)
			}
			if p.typ != q.typ {
				line += " type"
			}
			if line != "~ "+path {
				lines = append(lines, line)
			}
		}
	}
	for path, q := range new {
		if _, ok := old[path]; !ok && isComparable(old, new, path) {
			if q.value != "" {
				path += " = " + q.value
			}
			lines = append(lines, "+ "+path)
		}
	}
	return lines
}

// isComparable reports whether what has a part is the same kind of thing on both
// sides.
func isComparable(old, new map[string]part, path string) bool {
	in := old[path].in
	if _, ok := old[path]; !ok {
		in = new[path].in
	}
	if in == "" {
		return true
	}
	return old[in].inner == new[in].inner && old[in].inner != "" && isComparable(old, new, in)
}
