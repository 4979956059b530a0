package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A guestReport is what came of loading objects in guests.
type guestReport struct {
	reference string // its version
	guests    []*guest
}

// An end is what came of loading an object, beside what was said before.
type end int

const (
	fitsLoads   end = iota // it fits, and is loaded
	fitsRefused            // it fits, and is refused for what types do not tell
	misfitTypes            // it does not fit, and a relocation fails or a name is not found
	misfitOther            // it does not fit, and is refused before that is noticed
	falseFit               // it fits, and a relocation fails or a name is not found
	falseMisfit            // it does not fit, and is loaded
	notKnown
	ends
)

var endTitles = [ends]string{
	"fits, loads", "fits, refused for other reasons", "does not fit, refused for types", "does not fit, refused for other reasons",
	"false fit", "false misfit", "unknown",
}

// end tells what came of a loading.
func (l *loading) end() end {
	loaded := l.status == "0"
	switch {
	case l.says == "yes" && loaded:
		return fitsLoads
	case l.says == "yes" && l.types:
		return falseFit
	case l.says == "yes":
		return fitsRefused
	case l.says == "no" && loaded:
		return falseMisfit
	case l.says == "no" && l.types:
		return misfitTypes
	case l.says == "no":
		return misfitOther
	}
	return notKnown
}

// wrong returns how often "object check" was wrong.
func (r *guestReport) wrong() (n int) {
	for _, g := range r.guests {
		for _, l := range g.loads {
			if e := l.end(); e == falseFit || e == falseMisfit {
				n++
			}
		}
	}
	return n
}

// write prints r as Markdown.
func (r *guestReport) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# What \"object check\" says, and what comes of loading\n\n")
	fmt.Fprintf(w, "The objects of `repositories.txt` that have CO-RE relocations were loaded in guests by the reference, %s,\n", r.reference)
	fmt.Fprintf(w, "without a module, and checked against the types of the same kernels. Written by `make corpus-guests`.\n\n")
	fmt.Fprintf(w, "A fit is false if a relocation fails, or a name is not found in the types; a misfit is false if the object is loaded. The reference ends at the first\n")
	fmt.Fprintf(w, "program that is refused, or map: loaders give many of these a size, which bpftool does not. Of other reasons - the\nverifier, helpers, what may be attached to - types do not tell.\n\n")
	fmt.Fprintf(w, "| kernel | objects | %s |\n|---|%s\n", strings.Join(endTitles[:], " | "), strings.Repeat("---|", int(ends)+1))
	for _, g := range r.guests {
		fmt.Fprintf(w, "| %s | %d |", g.release, len(g.loads))
		for e := range ends {
			fmt.Fprintf(w, " %d |", len(g.at(e)))
		}
		fmt.Fprintln(w)
	}
	for _, e := range []end{falseFit, falseMisfit, notKnown, misfitTypes, misfitOther} {
		r.writeEnd(w, e)
	}
	r.writeRefused(w)
	return w.Flush()
}

// at returns the loadings with an end.
func (g *guest) at(e end) (list []*loading) {
	for _, l := range g.loads {
		if l.end() == e {
			list = append(list, l)
		}
	}
	return list
}

// writeEnd lists the loadings with an end, those of an object that are alike together.
func (r *guestReport) writeEnd(w io.Writer, e end) {
	on := make(map[string][]string) // releases by what is said
	for _, g := range r.guests {
		for _, l := range g.at(e) {
			text := l.object + ": " + l.why
			if e == falseFit || e == misfitOther {
				text += "; " + strip(l.refused)
			}
			on[text] = append(on[text], g.release)
		}
	}
	writeOn(w, heading(2, endTitles[e]), on)
}

// writeRefused lists for what reasons objects that fit are refused.
func (r *guestReport) writeRefused(w io.Writer) {
	on := make(map[string][]string)
	for _, g := range r.guests {
		count := make(map[string]int)
		for _, l := range g.at(fitsRefused) {
			count[strip(l.refused)]++
		}
		for text, n := range count {
			on[text] = append(on[text], fmt.Sprintf("%s: %d", g.release, n))
		}
	}
	writeOn(w, heading(2, endTitles[fitsRefused]), on)
}

// writeOn prints a section with what is said of objects, unless there is nothing.
func writeOn(w io.Writer, heading string, on map[string][]string) {
	if len(on) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n\n", heading)
	for _, text := range slices.Sorted(maps.Keys(on)) {
		fmt.Fprintf(w, "- %s (%s)\n", text, strings.Join(on[text], ", "))
	}
}

var ofOne = regexp.MustCompile(`'[^']*'|/objects/[0-9]+\.o`)

// strip takes out of a reason what is of one object alone.
func strip(text string) string {
	return ofOne.ReplaceAllString(strings.TrimPrefix(text, "libbpf: "), "X")
}
