// Package differences compares what the tool and the reference print, by the
// table of what may differ, testdata/differences.txt.
package differences

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// File is where the table is, below the root of the module.
const File = "testdata/differences.txt"

// A Row says in which bytes the tool may differ from the reference.
type Row struct {
	Line   int // of the table
	Class  string
	Reason string
	Used   bool // whether it has excused anything

	command string         // patterns of the command line, with " | " between them
	kernel  string         // patterns of the kernel's release
	theirs  *regexp.Regexp // what the reference printed
	ours    *regexp.Regexp // what stands in its place
	numbers bool           // the same numbers must be on both sides, in any order
	whole   *regexp.Regexp // instead: everything may differ if both sides match somewhere
}

const exitStatus = "exit status" // the class of rows that excuse no bytes

// classes are the kinds of reasons for which the tool may differ.
var classes = []string{"upstream bug", "more information", exitStatus}

// A Table is all rows. Comparisons mark those that they need.
type Table []*Row

// Read reads a table: stanzas of "key: value" lines.
func Read(text string) (Table, error) {
	var table Table
	var d *Row
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
			d = &Row{Line: i + 1, theirs: regexp.MustCompile(""), ours: regexp.MustCompile("")}
			table = append(table, d)
		}
		key, value, _ := strings.Cut(line, ":")
		if err := d.set(key, strings.TrimPrefix(value, " ")); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	for _, d := range table {
		if d.Class == "" || d.command == "" || d.kernel == "" {
			return nil, fmt.Errorf("line %d: a row names class, command and kernel", d.Line)
		}
	}
	return table, nil
}

func (d *Row) set(key, value string) (err error) {
	switch key {
	case "class":
		if !slices.Contains(classes, value) {
			return fmt.Errorf("class %q, want one of %q", value, classes)
		}
		d.Class = value
	case "command":
		d.command = value
	case "kernel":
		d.kernel = value
	case "theirs":
		d.theirs, err = regexp.Compile("^(?:" + value + ")")
	case "ours":
		d.ours, err = regexp.Compile("^(?:" + value + ")")
	case "whole":
		d.whole, err = regexp.Compile(value)
	case "numbers":
		d.numbers = true
	case "reason":
		d.Reason = value
	default:
		return fmt.Errorf("key %q", key)
	}
	return err
}

// applies reports whether d may excuse what a command printed here.
func (d *Row) applies(command string) bool {
	byCommand := slices.ContainsFunc(strings.Split(d.command, " | "), func(pattern string) bool {
		ok, err := path.Match(pattern, strings.ReplaceAll(command, "/", "_"))
		return ok && err == nil
	})
	byKernel := slices.ContainsFunc(strings.Fields(d.kernel), func(pattern string) bool {
		ok, err := path.Match(pattern, release())
		return ok && err == nil
	})
	return byCommand && byKernel
}

func release() string {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(uts.Release[:])
}

// Compare returns where ours differs from theirs without a row that excuses it,
// or "".
func (t Table) Compare(command, theirs, ours string) string {
	if theirs == ours {
		return ""
	}
	rows := t.forBytes(command)
	if rows.excuseAll(theirs, ours) {
		return ""
	}
	i, j, start := 0, 0, 0 // start: bytes that the last row has settled
	for {
		n := common(theirs[i:], ours[j:])
		i, j = i+n, j+n
		if i == len(theirs) && j == len(ours) {
			return ""
		}
		start += n
		a, b, back := rows.excuse(theirs, ours, i, j, start)
		if a+b == 0 {
			return fmt.Sprintf("the reference goes on %.300q\nhere it goes on    %.300q\nafter %.200q",
				theirs[i:], ours[j:], ours[max(0, j-120):j])
		}
		i, j, start = i-back+a, j-back+b, 0
	}
}

// excuseAll reports whether a row excuses whatever differs.
func (t Table) excuseAll(theirs, ours string) bool {
	for _, d := range t {
		if d.whole != nil && d.whole.MatchString(theirs) && d.whole.MatchString(ours) {
			d.Used = true
			return true
		}
	}
	return false
}

// forBytes returns the rows that may excuse what a command printed here.
func (t Table) forBytes(command string) Table {
	return slices.DeleteFunc(slices.Clone(t), func(d *Row) bool { return d.Class == exitStatus || !d.applies(command) })
}

// farthest is how many bytes before a difference a row may begin that excuses it. Where
// none does, all of them have been tried.
const farthest = 2048

// excuse looks for a row that covers the difference at theirs[i] and ours[j],
// and begins at most most bytes before it. It returns how many bytes the row
// covers on each side, and how many bytes before the difference it begins.
func (t Table) excuse(theirs, ours string, i, j, most int) (a, b, back int) {
	for back = 0; back <= min(most, farthest); back++ {
		for _, d := range t {
			if d.whole != nil || !d.theirs.MatchString(theirs[i-back:]) || !d.ours.MatchString(ours[j-back:]) {
				continue
			}
			x, y := d.theirs.FindString(theirs[i-back:]), d.ours.FindString(ours[j-back:])
			if x == y || max(len(x), len(y)) <= back || d.numbers && !sameNumbers(x, y) {
				continue
			}
			d.Used = true
			return len(x), len(y), back
		}
	}
	return 0, 0, 0
}

// An Outcome is how a command ended, and what it printed.
type Outcome struct {
	Stdout, Stderr string
	Status         int
}

// Status reports whether exit statuses may differ: zero from not zero. Rows are for
// what they match of standard output and standard error, one after the other.
func (t Table) Status(command string, theirs, ours Outcome) bool {
	if (theirs.Status == 0) == (ours.Status == 0) {
		return true
	}
	for _, d := range t {
		if d.Class == exitStatus && d.applies(command) && d.theirs.MatchString(theirs.Stdout+theirs.Stderr) && d.ours.MatchString(ours.Stdout+ours.Stderr) {
			d.Used = true
			return true
		}
	}
	return false
}

// Command returns the command line as rows match it: without options.
func Command(args []string) string {
	var words []string
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			words = append(words, a)
		}
	}
	return strings.Join(words, " ")
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
