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
	fmt.Fprintf(w, "field where it was found, with its offset. An object has no answers on kernels where libbpf gives up before it\n")
	fmt.Fprintf(w, "comes to relocations; where it refuses an object at one of them there are none for those that follow.\n\n")
	line(w, []string{"repository", "made of", "objects", "with relocations", fmt.Sprintf("with more than %d", manyRelocs), "relocations", "answers", "the same", "different", "refused at one", "without answers", "not built"})
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", 12))
	for _, g := range r.groups {
		line(w, g.cells())
	}
	line(w, r.sum().cells())
	r.writeEnds(w)
	r.writeList(w, "Different", func(o *relocObject) []string { return o.differ })
	r.writeList(w, "Without answers", func(o *relocObject) []string { return shorten(o.failed) })
	return w.Flush() // bufio.Writer keeps its first error
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
	var with, many, relocs, compared, same, ended, failed int
	for _, o := range g.objects {
		with += count1(o.relocs > 0)
		many += count1(o.relocs > manyRelocs)
		relocs += o.relocs
		compared += o.compare
		same += o.same
		failed += len(o.failed)
		for _, n := range o.ended {
			ended += n
		}
	}
	cells := []string{g.name, g.made}
	for _, n := range []int{len(g.objects), with, many, relocs, compared, same, g.differing(), ended, failed, len(g.failed)} {
		cells = append(cells, strconv.Itoa(n))
	}
	return cells
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

// writeEnds prints at what libbpf refuses objects.
func (r *relocReport) writeEnds(w io.Writer) {
	counts := make(map[string]int)
	for _, g := range r.groups {
		for _, o := range g.objects {
			for text, n := range o.ended {
				counts["refusals of "+g.name+", "+o.name+": "+text] += n
			}
		}
	}
	writeCounts(w, "Refused", counts)
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
