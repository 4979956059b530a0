package object

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gobpftool/gobpftool/internal/kernels"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

const (
	// maxLine is how long the heads of the columns may be together, in characters, or
	// they are numbers.
	maxLine = 120

	// maxNames is how many kernels are named where something fails on many.
	maxNames = 8
)

// Plain implements [render.Fact].
func (m *Matrix) Plain(w *bufio.Writer) {
	m.writeGrid(w)
	m.writeUnread(w)
	all := groups(m.Failures)
	for _, o := range m.Objects {
		for class := range classes {
			m.writeFailures(w, o, class, all)
		}
	}
	fmt.Fprintf(w, "\n%s, %s: %s\n", render.Amount(len(m.Objects), "object"), render.Amount(len(m.Kernels), "kernel"), m.Summary)
	fmt.Fprint(w, "Only types are looked at. Not known is:\n")
	for _, u := range m.Unseen {
		fmt.Fprintf(w, "\t%s\n", u)
	}
}

// writeGrid writes a line for each kernel, with a column for each object.
func (m *Matrix) writeGrid(w *bufio.Writer) {
	heads, total := make([]string, len(m.Objects)), 0
	for i, o := range m.Objects {
		heads[i] = render.Printable(o.Name)
		total += utf8.RuneCountInString(heads[i]) + 2
	}
	if total > maxLine {
		for i := range heads {
			fmt.Fprintf(w, "%d: %s\n", i+1, heads[i])
			heads[i] = strconv.Itoa(i + 1)
		}
		fmt.Fprintln(w)
	}
	first := 0
	for _, r := range m.Kernels {
		first = max(first, utf8.RuneCountInString(render.Printable(r.Name)))
	}
	line := []string{""}
	writeLine := func(words []string) {
		text := ""
		for i, word := range words {
			width := first
			if i > 0 {
				width = max(utf8.RuneCountInString(heads[i-1]), len("unknown"))
			}
			text += fmt.Sprintf("%-*s  ", width, word)
		}
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
	writeLine(append(line, heads...))
	for _, r := range m.Kernels {
		line = append(line[:0], render.Printable(r.Name))
		for _, c := range r.Cells {
			line = append(line, m.word(c))
		}
		writeLine(line)
	}
}

// word returns the verdict in a cell, with a star where something optional fails.
func (m *Matrix) word(c *Cell) string {
	if c.Answer == verdict.Yes && m.has(c, Optional) {
		return c.Answer.String() + "*"
	}
	return c.Answer.String()
}

// has reports whether a cell has failures of a class.
func (m *Matrix) has(c *Cell, class Class) bool {
	return slices.ContainsFunc(c.Failures, func(id int) bool { return m.Failures[id].Class == class })
}

// writeUnread writes what could not be read, and which objects do not fit as a whole.
func (m *Matrix) writeUnread(w *bufio.Writer) {
	blank := "\n"
	say := func(name, why string) {
		fmt.Fprintf(w, "%s%s: %s\n", blank, render.Printable(name), render.Printable(why))
		blank = ""
	}
	for i, o := range m.Objects {
		if o.Error != "" {
			say(o.Name, o.Error)
			continue
		}
		for why, on := range m.unexplained(i) {
			say(o.Name, why)
			fmt.Fprintf(w, "\ton %s\n", render.Printable(some(on, len(m.Kernels))))
		}
	}
	for _, r := range m.Kernels {
		for _, u := range r.Unread {
			say(r.Name, u)
		}
		if r.Error != "" {
			say(r.Name, r.Error)
		}
	}
}

// unexplained yields what is said of an object without any failure, and on which kernels.
func (m *Matrix) unexplained(object int) func(func(why string, on []string) bool) {
	var order []string
	on := make(map[string][]string)
	for _, r := range m.Kernels {
		if c := r.Cells[object]; r.Error == "" && c.Evidence != "" && len(c.Failures) == 0 {
			if on[c.Evidence] == nil {
				order = append(order, c.Evidence)
			}
			on[c.Evidence] = append(on[c.Evidence], r.Name)
		}
	}
	return func(yield func(string, []string) bool) {
		for _, why := range order {
			if !yield(why, on[why]) {
				return
			}
		}
	}
}

// complaints are what is said of an object before its failures.
var complaints = [classes]string{
	Required: "does not fit everywhere",
	Unsure:   "may not fit everywhere",
	Optional: "has optional parts (*) that do not fit everywhere",
	Guarded:  "has accesses that fail where they are never made",
}

// writeFailures writes what fails of an object in a class, of all that fails.
func (m *Matrix) writeFailures(w *bufio.Writer, o *Column, class Class, all []*group) {
	title := fmt.Sprintf("\n%s %s:\n", render.Printable(o.Name), complaints[class])
	for _, g := range all {
		if g.Object != o.Name || g.Class != class {
			continue
		}
		fmt.Fprintf(w, "%s\t%s %s", title, g.Kind, render.Printable(g.Access))
		if g.Cause != "" {
			fmt.Fprintf(w, ": %s", render.Printable(g.Cause))
		}
		fmt.Fprintln(w)
		title = ""
		if g.Help != "" && class != Guarded {
			fmt.Fprintf(w, "\t\t%s\n", render.Printable(g.Help))
		}
		fmt.Fprintf(w, "\t\tin %s\n", render.Printable(strings.Join(g.places, ", ")))
		fmt.Fprintf(w, "\t\ton %s\n", render.Printable(some(g.kernels, len(m.Kernels))))
	}
}

// A group is failures for the same reason.
type group struct {
	*Failure          // the first of them
	places   []string // programs with lines of source
	kernels  []string
}

// groups puts failures together that differ only in programs, source and kernels.
func groups(list []*Failure) []*group {
	var all []*group
	for _, f := range list {
		if n := len(all); n == 0 || !all[n-1].alike(f) {
			all = append(all, &group{Failure: f})
		}
		g := all[len(all)-1]
		g.places = append(g.places, f.place())
		g.kernels = append(g.kernels, f.Kernels...)
	}
	for _, g := range all {
		g.places = slices.Compact(g.places)
		slices.SortFunc(g.kernels, kernels.Compare)
		g.kernels = slices.Compact(g.kernels)
	}
	return all
}

func (g *group) alike(f *Failure) bool {
	a, b := g.failure, f.failure
	a.Program, a.Function, a.Source, a.Code = b.Program, b.Function, b.Source, b.Code
	return a == b
}

// place says where in an object a failure is.
func (f *failure) place() string {
	if f.Program == "" {
		return "the object as a whole"
	}
	s := f.Program
	if f.Function != "" {
		s += " > " + f.Function
	}
	if f.Source != "" {
		s += " (" + f.Source + ")"
	}
	return s
}

// some names some kernels of all: if there are many, the first of them.
func some(list []string, all int) string {
	switch {
	case len(list) == all && all > 1:
		return fmt.Sprintf("all %d kernels", all)
	case len(list) <= maxNames+1:
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:maxNames], ", "), len(list)-maxNames)
}
