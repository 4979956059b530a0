package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A relocReport is everything that was found out about relocations.
type relocReport struct {
	reference string   // its version
	kernels   []string // their names
	groups    []*relocGroup
}

// manyRelocs is how many relocations make an object one with many.
const manyRelocs = 20

// write prints r as Markdown.
func (r *relocReport) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# CO-RE relocations of public objects, by libbpf and by the tool\n\n")
	fmt.Fprintf(w, "Written by `make corpus-relocs`; the objects are those of `repositories.txt`, at most %d of each repository.\n", mostObjects)
	fmt.Fprintf(w, "libbpf is that of %s: what `bpftool -d prog loadall OBJ PATH kernel_btf FILE` says of each relocation,\n", r.reference)
	fmt.Fprintf(w, "on %d kernels: %s.\n\n", len(r.kernels), strings.Join(r.kernels, ", "))
	fmt.Fprintf(w, "An answer is one relocation on one kernel. It is the same if the value, or the failure, is, and the type and the\n")
	fmt.Fprintf(w, "field where it was found, with its offset. A load, of an object on a kernel, has no answers if libbpf gives up before it\n")
	fmt.Fprintf(w, "comes to relocations; where it refuses an object at one of them there are none for those that follow.\n")
	for _, g := range r.groups {
		if g.own > 0 {
			fmt.Fprintf(w, "Objects of %s are compared, too, on those of the %d sets of types that its own tests have for kernels that\nhave any of the types that an object asks for.\n", g.name, g.own)
		}
	}
	fmt.Fprintf(w, "\nThe last columns are the second opinion: cilium/ebpf, of which the value counts, or the failure.\n\n")
	line(w, relocHeading)
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(relocHeading)))
	for _, g := range r.groups {
		line(w, g.cells())
	}
	line(w, r.sum().cells())
	writeCounts(w, heading(2, "where libbpf refuses objects"), r.count(func(o *relocObject) map[string]int { return o.ended }, true))
	writeCounts(w, heading(2, "where cilium/ebpf is unlike libbpf"), r.count(func(o *relocObject) map[string]int { return o.second.unlike }, false))
	r.writeList(w, "Different from libbpf", func(o *relocObject) []string { return o.differ })
	r.writeList(w, "Different from cilium/ebpf", func(o *relocObject) []string { return o.second.differ })
	r.writeList(w, "Without answers", func(o *relocObject) []string { return shorten(o.failed) })
	writeList(w, "Not built", r.plain(), func(g *group) []string { return g.failed })
	return w.Flush() // bufio.Writer keeps its first error
}

// relocHeading are the columns of the table.
var relocHeading = []string{
	"repository", "made of", "objects", "with relocations", fmt.Sprintf("with more than %d", manyRelocs), "relocations",
	"answers", "the same", "different", "loads refused at one", "loads without answers", "second opinions", "the same", "explained", "different",
}

// plain returns the groups without what was found out about relocations.
func (r *relocReport) plain() (list []*group) {
	for _, g := range r.groups {
		list = append(list, g.group)
	}
	return list
}

// sum returns what stands in the last line of the table.
func (r *relocReport) sum() *relocGroup {
	all := &relocGroup{group: &group{name: "all"}}
	for _, g := range r.groups {
		all.objects = append(all.objects, g.objects...)
		all.failed = append(all.failed, g.failed...)
	}
	return all
}

// cells returns a group's line of the table.
func (g *relocGroup) cells() []string {
	var with, many, relocs, compared, same, ended, failed, second, agree, unlike, differ int
	for _, o := range g.objects {
		with += count1(o.relocs > 0)
		many += count1(o.relocs > manyRelocs)
		relocs += o.relocs
		compared += o.compare
		same += o.same
		ended += total(o.ended)
		failed += len(o.failed)
		second += o.second.compare
		agree += o.second.same
		unlike += total(o.second.unlike)
		differ += len(o.second.differ)
	}
	cells := []string{g.name, g.made}
	for _, n := range []int{len(g.objects), with, many, relocs, compared, same, g.differing(), ended, failed, second, agree, unlike, differ} {
		cells = append(cells, strconv.Itoa(n))
	}
	return cells
}

func total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func count1(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// differing returns how many answers differ.
func (g *relocGroup) differing() int {
	n := 0
	for _, o := range g.objects {
		n += len(o.differ)
	}
	return n
}

// count sums up what was counted for objects, each on its own if they are to be named.
func (r *relocReport) count(of func(*relocObject) map[string]int, named bool) map[string]int {
	counts := make(map[string]int)
	for _, g := range r.groups {
		for _, o := range g.objects {
			for text, n := range of(o) {
				if named {
					text = "refusals of " + g.name + ", " + o.name + ": " + text
				} else {
					text = "answers: " + text
				}
				counts[text] += n
			}
		}
	}
	return counts
}

// writeList prints a section with what objects have to list, unless it is empty.
func (r *relocReport) writeList(w io.Writer, title string, of func(*relocObject) []string) {
	heading := "\n## " + title + "\n\n"
	for _, g := range r.groups {
		for _, o := range g.objects {
			for _, text := range of(o) {
				fmt.Fprintf(w, "%s- %s, %s: %s\n", heading, g.name, o.name, text)
				heading = ""
			}
		}
	}
}

// shorten makes one line of those that say the same of several kernels.
func shorten(failures []string) []string {
	if len(failures) < 2 {
		return failures
	}
	_, why, _ := strings.Cut(failures[0], ": ")
	return []string{fmt.Sprintf("%s (on %d kernels)", why, len(failures))}
}
