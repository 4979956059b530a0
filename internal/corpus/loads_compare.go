package main

import (
	"fmt"
	"path/filepath"
)

// A loadVerdict says how two loads of an object compare.
type loadVerdict int

const (
	loadsSame     loadVerdict = iota // both load, and all facets are the same
	loadsDiffer                      // both load
	refusedSame                      // both refuse, for the same cause
	refusedUnlike                    // both refuse, for causes that are not known to be the same
	theirsRefuses                    // only the reference does
	oursRefuses                      // only the tool does
	loadVerdicts
)

var loadTitles = [loadVerdicts]string{
	"load, the same", "load, different", "refused, same cause", "refused, other cause", "refused by the reference alone", "refused here alone",
}

// read reads and compares what loads.sh told of all objects.
func (r *loadReport) read(out string) error {
	for _, g := range r.groups {
		for _, o := range g.objects {
			var err error
			if o.theirs, err = readSide(filepath.Join(out, o.key, "theirs")); err != nil {
				return err
			}
			if o.ours, err = readSide(filepath.Join(out, o.key, "ours")); err != nil {
				return err
			}
			o.compare()
		}
	}
	return nil
}

// compare finds the verdict on an object.
func (o *loadObject) compare() {
	switch theirs, ours := o.theirs.loaded(), o.ours.loaded(); {
	case theirs && ours:
		o.why = unlike(o.theirs, o.ours)
		if len(o.why) > 0 {
			o.verdict = loadsDiffer
		}
	case theirs:
		o.verdict, o.why = oursRefuses, []string{alone(oursAlone, o.ours)}
	case ours:
		o.verdict, o.why = theirsRefuses, []string{alone(theirsAlone, o.theirs)}
	default:
		o.verdict, o.why = compareCauses(o.theirs.text, o.ours.text)
	}
}

// unlike lists the first line of each facet in which two sides differ.
func unlike(theirs, ours *side) (list []string) {
	for f := range facets {
		a, b := theirs.facets[f], ours.facets[f]
		n := 0
		for n < len(a) && n < len(b) && a[n] == b[n] {
			n++
		}
		if n < len(a) || n < len(b) {
			list = append(list, fmt.Sprintf("%s: the reference has %s, here it is %s", facetNames[f], lineAt(a, n), lineAt(b, n)))
		}
	}
	return list
}

// lineAt returns a line of a list, or that there is none.
func lineAt(list []string, n int) string {
	if n >= len(list) {
		return "nothing"
	}
	return fmt.Sprintf("%.400q", list[n])
}
