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
	title     string
	target    string // of the Makefile, by which it is written
	reference string // its version
	checks    []check
	groups    []*group
}

// write prints r as Markdown.
func (r *report) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# %s over public objects\n\n", r.title)
	fmt.Fprintf(w, "Written by `make %s`; the objects are those of `repositories.txt`. The reference is %s.\n", r.target, r.reference)
	fmt.Fprintf(w, "A number counts the files about which both print the same bytes and succeed or fail alike;\n")
	fmt.Fprintf(w, "`+N` those where a row of `testdata/differences.txt` excuses what differs, `-N` those without\n")
	fmt.Fprintf(w, "excuse. The commands are\n\n")
	for _, c := range r.checks {
		fmt.Fprintf(w, "- %s: `%s`\n", c.name, c.args)
	}
	r.writeTable(w)
	writeExcuses(w, r.checks, r.results())
	writeFailed(w, r.checks, r.results())
	writeList(w, "Differences", r.groups, r.differences)
	writeList(w, "Not built", r.groups, func(g *group) []string { return g.failed })
	return w.Flush() // bufio.Writer keeps its first error
}

// writeTable prints a line for each group, and their sum.
func (r *report) writeTable(w io.Writer) {
	heading := []string{"repository or kernel", "made of", "files", "not built"}
	for _, c := range r.checks {
		heading = append(heading, c.name)
	}
	fmt.Fprintln(w)
	line(w, heading)
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(heading)))
	all := &group{name: "all"}
	for _, g := range r.groups {
		line(w, r.cells(g))
		all.files = append(all.files, g.files...)
		all.failed = append(all.failed, g.failed...)
	}
	line(w, r.cells(all))
}

// cells returns a group's line of the table.
func (r *report) cells(g *group) []string {
	cells := []string{g.name, g.made, strconv.Itoa(len(g.files)), strconv.Itoa(len(g.failed))}
	for _, n := range count(r.checks, g.results()) {
		cells = append(cells, n.String())
	}
	return cells
}

// results returns those of each file.
func (g *group) results() [][]result {
	var results [][]result
	for _, f := range g.files {
		results = append(results, f.results)
	}
	return results
}

// count counts the verdicts of each check.
func count(checks []check, results [][]result) []tally {
	tallies := make([]tally, len(checks))
	for _, list := range results {
		for i, r := range list {
			tallies[i][r.verdict]++
		}
	}
	return tallies
}

// results returns those of each file of all groups.
func (r *report) results() [][]result {
	var results [][]result
	for _, g := range r.groups {
		results = append(results, g.results()...)
	}
	return results
}

// differ returns how many results nothing excuses.
func differ(results [][]result) int {
	n := 0
	for _, list := range results {
		for _, r := range list {
			if r.verdict == differs {
				n++
			}
		}
	}
	return n
}

// writeExcuses prints which rows excuse how many answers.
func writeExcuses(w io.Writer, checks []check, results [][]result) {
	uses := make(map[string]int)
	for _, list := range results {
		for i, r := range list {
			if r.verdict == excused {
				uses[checks[i].name+": "+strings.Join(r.why, "; ")]++
			}
		}
	}
	writeCounts(w, heading(2, "excused"), uses)
}

// heading returns the line that starts a section.
func heading(depth int, title string) string {
	return strings.Repeat("#", depth) + " " + strings.ToUpper(title[:1]) + title[1:]
}

// writeFailed prints about how many files both tools fail.
func writeFailed(w io.Writer, checks []check, results [][]result) {
	failed := make(map[string]int)
	for _, list := range results {
		for i, r := range list {
			if r.failed {
				failed[checks[i].name]++
			}
		}
	}
	writeCounts(w, "Failed alike", failed)
}

// writeCounts prints a section with what is counted, unless there is nothing.
func writeCounts(w io.Writer, heading string, counts map[string]int) {
	if len(counts) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n\n", heading)
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "- %d of %s\n", counts[what], what)
	}
}

// differences lists the answers that nothing excuses.
func (r *report) differences(g *group) []string {
	var list []string
	for _, f := range g.files {
		list = append(list, differing(f.name, r.checks, f.results)...)
	}
	return list
}

// differing lists the answers about one thing that nothing excuses.
func differing(name string, checks []check, results []result) []string {
	var list []string
	for i, r := range results {
		if r.verdict == differs {
			list = append(list, name+", "+checks[i].name+": "+strings.Join(r.why, "; "))
		}
	}
	return list
}

// writeList prints a section with what groups have to list, unless it is empty.
func writeList(w io.Writer, title string, groups []*group, of func(*group) []string) {
	heading := "\n## " + title + "\n\n"
	for _, g := range groups {
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
