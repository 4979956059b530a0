package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
)

// A loadVerdict says how two loads of an object compare.
type loadVerdict int

const (
	loadsSame     loadVerdict = iota // both load, and all facets are the same
	loadsMoved                       // likewise, but for addresses in the kernel
	loadsDiffer                      // both load
	refusedSame                      // both refuse, for the same cause
	refusedUnlike                    // both refuse, for causes that are not known to be the same
	theirsRefuses                    // only the reference does
	oursRefuses                      // only the tool does
	loadVerdicts
)

var loadTitles = [loadVerdicts]string{
	"load, the same", "load, the same but for addresses", "load, different", "refused, same cause", "refused, other cause", "refused by the reference alone", "refused here alone",
}

// read reads and compares what loads.sh told of all objects.
func (k *loadKernel) read(out string) error {
	for _, g := range k.groups {
		for _, o := range g.objects {
			var err error
			if o.theirs, err = readSide(filepath.Join(out, o.key, "theirs")); err != nil {
				return err
			}
			if o.ours, err = readSide(filepath.Join(out, o.key, "ours")); err != nil {
				return err
			}
			o.compare(k)
		}
	}
	return nil
}

// compare finds the verdict on an object that was loaded on a kernel.
func (o *loadObject) compare(on *loadKernel) {
	switch theirs, ours := o.theirs.loaded(), o.ours.loaded(); {
	case theirs && ours:
		o.compareLoaded(on)
	case theirs:
		o.verdict = oursRefuses
		o.alone(oursAlone, o.ours)
	case ours:
		o.verdict = theirsRefuses
		o.alone(theirsAlone, o.theirs)
	default:
		o.compareRefused()
	}
}

// compareLoaded compares what both have loaded.
func (o *loadObject) compareLoaded(on *loadKernel) {
	if o.why = unlike(o.theirs, o.ours); len(o.why) == 0 {
		return
	}
	o.verdict = loadsDiffer
	o.excuse(on)
}

// excuse explains why both load, and are not the same.
func (o *loadObject) excuse(on *loadKernel) {
	switch {
	case len(unlike(o.theirs.withoutAddresses(), o.ours.withoutAddresses())) == 0:
		o.verdict = loadsMoved
		o.explain("what differs are addresses, in the kernel or of an arena, of what is made anew for each load")
	case o.wrapper && !on.kprobes:
		o.explain("LINUX_HAS_SYSCALL_WRAPPER: the kernel has system calls' wrappers, but no kprobes; libbpf finds the one by trying the other, and says no")
	}
}

// explain says why an object is not as the reference has it.
func (o *loadObject) explain(why string) { o.why, o.explained = []string{why}, true }

// Addresses in the kernel, which has the last 128th of all, or where an arena is mapped in the tool: in the two halves of an instruction that
// loads 64 bits, and in decimal.
var (
	wideLow     = regexp.MustCompile(`: 18 0\d 00 00 [0-9a-f ]{11}$`)
	wideHigh    = regexp.MustCompile(`: 00 00 00 00 [0-9a-f ]{8} ff$|: 00 00 00 00 [0-9a-f]{2} 7[ef] 00 00$`)
	kernelPlace = regexp.MustCompile(`\b18(3[7-9]|4[0-4])\d{16}\b`)
)

// withoutAddresses returns a side with the addresses in instructions and in contents left out.
func (s *side) withoutAddresses() *side {
	plain := *s
	plain.facets[ofInsns] = slices.Clone(s.facets[ofInsns])
	insns := plain.facets[ofInsns]
	for i := range insns[:max(0, len(insns)-1)] {
		if wideLow.MatchString(insns[i]) && wideHigh.MatchString(insns[i+1]) {
			insns[i] = wideLow.ReplaceAllString(insns[i], ": address")
			insns[i+1] = wideHigh.ReplaceAllString(insns[i+1], ": address")
		}
	}
	plain.facets[ofContents] = nil
	for _, text := range s.facets[ofContents] {
		plain.facets[ofContents] = append(plain.facets[ofContents], kernelPlace.ReplaceAllString(text, "address"))
	}
	return &plain
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
