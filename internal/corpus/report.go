package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A report is everything that was found out.
type report struct {
	reference string // its version
	groups    []*group
}

// write prints r as Markdown.
func (r *report) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# The tool and the reference over public objects\n\n")
	fmt.Fprintf(w, "Written by `make corpus`; the objects are those of `repositories.txt`. The reference is %s.\n", r.reference)
	fmt.Fprintf(w, "A number counts the files about which both print the same bytes and succeed or fail alike;\n")
	fmt.Fprintf(w, "`+N` those where a row of `testdata/differences.txt` excuses what differs, `-N` those without\n")
	fmt.Fprintf(w, "excuse. The commands are\n\n")
	for _, c := range checks {
		fmt.Fprintf(w, "- %s: `%s`\n", c.name, c.args)
	}
	r.writeTable(w)
	r.writeExcuses(w)
	r.writeList(w, "Differences", (*group).differences)
	r.writeList(w, "Not built", func(g *group) []string { return g.failed })
	return w.Flush() // bufio.Writer keeps its first error
}

// writeTable prints a line for each group, and their sum.
func (r *report) writeTable(w io.Writer) {
	heading := []string{"repository or kernel", "made of", "files", "not built"}
	for _, c := range checks {
		heading = append(heading, c.name)
	}
	fmt.Fprintln(w)
	line(w, heading)
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(heading)))
	all := &group{name: "all"}
	for _, g := range r.groups {
		line(w, g.cells())
		all.files = append(all.files, g.files...)
		all.failed = append(all.failed, g.failed...)
	}
	line(w, all.cells())
}

// cells returns a group's line of the table.
func (g *group) cells() []string {
	cells := []string{g.name, g.made, strconv.Itoa(len(g.files)), strconv.Itoa(len(g.failed))}
	for i := range checks {
		cell := strconv.Itoa(g.count(i, identical))
		if n := g.count(i, excused); n > 0 {
			cell += fmt.Sprintf(" +%d", n)
		}
		if n := g.count(i, differs); n > 0 {
			cell += fmt.Sprintf(" -%d", n)
		}
		cells = append(cells, cell)
	}
	return cells
}

// count returns for how many files a check came to a verdict.
func (g *group) count(check int, v verdict) int {
	n := 0
	for _, f := range g.files {
		if f.results[check].verdict == v {
			n++
		}
	}
	return n
}

// count returns for how many checks of all files the verdict is v.
func (r *report) count(v verdict) int {
	n := 0
	for _, g := range r.groups {
		for i := range checks {
			n += g.count(i, v)
		}
	}
	return n
}

// writeExcuses prints which rows excuse how many answers.
func (r *report) writeExcuses(w io.Writer) {
	uses := make(map[string]int)
	for _, g := range r.groups {
		for _, f := range g.files {
			for i, res := range f.results {
				if res.verdict == excused {
					uses[checks[i].name+": "+strings.Join(res.why, "; ")]++
				}
			}
		}
	}
	if len(uses) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Excused\n\n")
	for _, why := range slices.Sorted(maps.Keys(uses)) {
		fmt.Fprintf(w, "- %d of %s\n", uses[why], why)
	}
}

// differences lists the answers that nothing excuses.
func (g *group) differences() []string {
	var list []string
	for _, f := range g.files {
		for i, res := range f.results {
			if res.verdict == differs {
				list = append(list, f.name+", "+checks[i].name+": "+strings.Join(res.why, "; "))
			}
		}
	}
	return list
}

// writeList prints a section with what groups have to list, unless it is empty.
func (r *report) writeList(w io.Writer, title string, of func(*group) []string) {
	heading := "\n## " + title + "\n\n"
	for _, g := range r.groups {
		for _, text := range of(g) {
			fmt.Fprintf(w, "%s- %s: %s\n", heading, g.name, text)
			heading = ""
		}
	}
}

// line prints one line of the table.
func line(w io.Writer, cells []string) {
	for _, c := range cells {
		fmt.Fprintf(w, "| %s ", c)
	}
	fmt.Fprintf(w, "|\n")
}
