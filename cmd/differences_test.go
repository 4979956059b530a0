package cmd_test

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// A difference is a row of testdata/differences.txt: bytes in which the tool may
// differ from the reference.
type difference struct {
	line    int
	class   string         // why: one of classes
	command string         // pattern of the command line
	kernel  string         // patterns of the kernel's release
	theirs  *regexp.Regexp // what the reference printed
	ours    *regexp.Regexp // what stands in its place
	numbers bool           // the same numbers must be on both sides, in any order
	used    bool
}

// classes are the reasons for which the tool may differ.
var classes = []string{"upstream bug", "more information", "exit status"}

// differences are the rows of the table. Tests that compare share it, so that
// rows which nothing needed any more can be told at the end.
type differences []*difference

const differencesFile = "../testdata/differences.txt"

// readDifferences reads the table: stanzas of "key: value" lines.
func readDifferences(text string) (differences, error) {
	var table differences
	var d *difference
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			d = nil
			continue
		}
		if line[0] == '#' {
			continue
		}
		if d == nil {
			d = &difference{line: i + 1, theirs: regexp.MustCompile(""), ours: regexp.MustCompile("")}
			table = append(table, d)
		}
		key, value, _ := strings.Cut(line, ":")
		if err := d.set(key, strings.TrimPrefix(value, " ")); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	for _, d := range table {
		if d.class == "" || d.command == "" || d.kernel == "" {
			return nil, fmt.Errorf("line %d: a row names class, command and kernel", d.line)
		}
	}
	return table, nil
}

func (d *difference) set(key, value string) (err error) {
	switch key {
	case "class":
		if !slices.Contains(classes, value) {
			return fmt.Errorf("class %q, want one of %q", value, classes)
		}
		d.class = value
	case "command":
		d.command = value
	case "kernel":
		d.kernel = value
	case "theirs":
		d.theirs, err = regexp.Compile("^(?:" + value + ")")
	case "ours":
		d.ours, err = regexp.Compile("^(?:" + value + ")")
	case "numbers":
		d.numbers = true
	case "reason":
	default:
		return fmt.Errorf("key %q", key)
	}
	return err
}

// applies reports whether d may excuse what a command printed here.
func (d *difference) applies(command string) bool {
	byCommand, err := path.Match(d.command, strings.ReplaceAll(command, "/", "_"))
	byKernel := slices.ContainsFunc(strings.Fields(d.kernel), func(pattern string) bool {
		ok, err := path.Match(pattern, release())
		return ok && err == nil
	})
	return byCommand && byKernel && err == nil
}

func release() string {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(uts.Release[:])
}

// compare returns where ours differs from theirs without a row that excuses it,
// or "".
func (t differences) compare(command, theirs, ours string) string {
	i, j, start := 0, 0, 0 // start: bytes that the last row has settled
	for {
		n := common(theirs[i:], ours[j:])
		i, j = i+n, j+n
		if i == len(theirs) && j == len(ours) {
			return ""
		}
		start += n
		a, b, back := t.excuse(command, theirs, ours, i, j, start)
		if a+b == 0 {
			return fmt.Sprintf("the reference goes on %.300q\nhere it goes on    %.300q\nafter %.200q",
				theirs[i:], ours[j:], ours[max(0, j-120):j])
		}
		i, j, start = i-back+a, j-back+b, 0
	}
}

// excuse looks for a row that covers the difference at theirs[i] and ours[j],
// and begins at most most bytes before it. It returns how many bytes the row
// covers on each side, and how many bytes before the difference it begins.
func (t differences) excuse(command, theirs, ours string, i, j, most int) (a, b, back int) {
	for back = 0; back <= most; back++ {
		for _, d := range t {
			if !d.applies(command) || d.class == "exit status" {
				continue
			}
			if !d.theirs.MatchString(theirs[i-back:]) || !d.ours.MatchString(ours[j-back:]) {
				continue
			}
			x, y := d.theirs.FindString(theirs[i-back:]), d.ours.FindString(ours[j-back:])
			if x == y || max(len(x), len(y)) <= back || d.numbers && !sameNumbers(x, y) {
				continue
			}
			d.used = true
			return len(x), len(y), back
		}
	}
	return 0, 0, 0
}

// status reports whether exit statuses may differ: zero from not zero.
func (t differences) status(command string, theirs, ours int) bool {
	if (theirs == 0) == (ours == 0) {
		return true
	}
	for _, d := range t {
		if d.class == "exit status" && d.applies(command) {
			d.used = true
			return true
		}
	}
	return false
}

// unused lists the rows that nothing needed.
func (t differences) unused() []string {
	var list []string
	for _, d := range t {
		if !d.used {
			list = append(list, fmt.Sprintf("%s:%d: nothing differs any more", differencesFile, d.line))
		}
	}
	return list
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

var number = regexp.MustCompile(`[0-9]+`)

func sameNumbers(a, b string) bool {
	x, y := number.FindAllString(a, -1), number.FindAllString(b, -1)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func TestCompare(t *testing.T) {
	const table = `
class: more information
command: prog show*
kernel: *
ours: \n\tpids [^\n]*
reason: holders

class: upstream bug
command: btf show
kernel: *
theirs: prog_ids [0-9,]+
ours: prog_ids [0-9,]+
numbers: the same
`
	tests := []struct {
		name, command, theirs, ours string
		equal                       bool
	}{
		{"equal", "prog show", "a\nb\n", "a\nb\n", true},
		{"ours has more", "prog show", "a\n\tbtf_id 1\n", "a\n\tbtf_id 1\n\tpids x(1)\n", true},
		{"ours has more before the same start", "prog show", "a\n\tmetadata:\n", "a\n\tpids x(1)\n\tmetadata:\n", true},
		{"twice", "prog show", "a\nb\n", "a\n\tpids x(1)\nb\n\tpids y(2)\n", true},
		{"another command", "map show", "a\n", "a\n\tpids x(1)\n", false},
		{"another difference beside it", "prog show", "a\n\tuid 0\n", "a\n\tuid 1\n\tpids x(1)\n", false},
		{"cut short", "prog show", "a\nb\n", "a\n", false},
		{"numbers that theirs lacks", "btf show", "size 1\n", "prog_ids 1,2\n", false},
		{"other order", "btf show", "prog_ids 3,12\n", "prog_ids 12,3\n", true},
		{"other numbers", "btf show", "prog_ids 3,12\n", "prog_ids 12,4\n", false},
	}
	rows, err := readDifferences(table)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := rows.compare(tt.command, tt.theirs, tt.ours); (diff == "") != tt.equal {
				t.Errorf("compare() = %q, want equal %v", diff, tt.equal)
			}
		})
	}
	for _, bad := range []string{"class: whim\n", "command: x\n", "class: upstream bug\ncommand: x\nkernel: *\nours: (\n"} {
		if _, err := readDifferences(bad); err == nil {
			t.Errorf("readDifferences(%q) succeeded", bad)
		}
	}
}

// shared is the table that all comparing tests of this package use.
var shared = sync.OnceValue(func() differences {
	text, err := os.ReadFile(differencesFile)
	if err != nil {
		panic(err)
	}
	table, err := readDifferences(string(text))
	if err != nil {
		panic(fmt.Sprintf("%s: %v", differencesFile, err))
	}
	return table
})
