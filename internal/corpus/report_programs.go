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

// A progReport is everything that was found out about programs.
type progReport struct {
	reference    string // its version
	kernel       string // its release
	repositories []*repository
}

// write prints r as Markdown.
func (r *progReport) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	all := r.sum()
	fmt.Fprintf(w, "# The tool and the reference over public programs\n\n")
	fmt.Fprintf(w, "Written by `make corpus-programs`; the objects are those of `repositories.txt`. The reference is %s,\n", r.reference)
	fmt.Fprintf(w, "the kernel Linux %s. %d programs of %d repositories were compared: of each repository at most %d,\n", r.kernel, len(all.compared), r.loading(), mostPrograms)
	fmt.Fprintf(w, "spread over its objects, of those that this kernel loads.\n")
	r.writeLoaded(w, all)
	r.writeXlated(w, all)
	r.writeJited(w, all)
	writeExcuses(w, progChecks, all.results())
	writeCounts(w, heading(2, "spellings"), all.jited().tolerated)
	r.writeList(w, "Differences", (*repository).differences)
	r.writeList(w, "Not loaded", (*repository).reasons)
	writeList(w, "Not built", r.groups(), func(g *group) []string { return g.failed })
	return w.Flush() // bufio.Writer keeps its first error
}

// sum returns what stands in the last line of tables.
func (r *progReport) sum() *repository {
	all := &repository{group: &group{name: "all"}}
	for _, r := range r.repositories {
		all.files = append(all.files, r.files...)
		all.failed = append(all.failed, r.failed...)
		all.programs = append(all.programs, r.programs...)
		all.compared = append(all.compared, r.compared...)
	}
	return all
}

// loading returns how many repositories have programs that load.
func (r *progReport) loading() int {
	n := 0
	for _, r := range r.repositories {
		if len(r.compared) > 0 {
			n++
		}
	}
	return n
}

func (r *progReport) groups() []*group {
	var groups []*group
	for _, r := range r.repositories {
		groups = append(groups, r.group)
	}
	return groups
}

// writeLoaded prints what became of each repository's programs.
func (r *progReport) writeLoaded(w io.Writer, all *repository) {
	r.writeTable(w, all, []string{"made of", "objects", "not built", "programs", "not loaded", "compared"}, func(r *repository) []string {
		return append([]string{r.made}, numbers(len(r.files), len(r.failed), len(r.programs), len(r.notLoaded()), len(r.compared))...)
	})
}

// writeXlated prints how the answers about bytecode compare.
func (r *progReport) writeXlated(w io.Writer, all *repository) {
	fmt.Fprintf(w, "\n## Bytecode\n\n")
	fmt.Fprintf(w, "A number counts the programs about which both print the same bytes and succeed or fail alike; `+N`\n")
	fmt.Fprintf(w, "those where a row of `testdata/differences.txt` excuses what differs, `-N` those without excuse.\n")
	fmt.Fprintf(w, "Instructions are those that the verifier left. The commands are\n\n")
	var names []string
	for _, c := range progChecks {
		fmt.Fprintf(w, "- %s: `%s`\n", c.name, c.args)
		names = append(names, c.name)
	}
	r.writeTable(w, all, append([]string{"programs", "instructions"}, names...), func(r *repository) []string {
		insns := 0
		for _, p := range r.compared {
			insns += p.insns
		}
		cells := numbers(len(r.compared), insns)
		for _, n := range count(progChecks, r.results()) {
			cells = append(cells, n.String())
		}
		return cells
	})
}

// writeJited prints how the tool and objdump read machine code.
func (r *progReport) writeJited(w io.Writer, all *repository) {
	fmt.Fprintf(w, "\n## Machine code\n\n")
	fmt.Fprintf(w, "What `prog dump jited id ID` prints is compared with how objdump reads the kernel's image. A number\n")
	fmt.Fprintf(w, "counts functions: those whose instructions begin at the same places, and those whose mnemonics are\n")
	fmt.Fprintf(w, "the same, too; `+N` those that are spelled otherwise in a way that is listed below, `-N` those that\n")
	fmt.Fprintf(w, "differ.\n")
	r.writeTable(w, all, []string{"functions", "instructions", "boundaries", "mnemonics"}, func(r *repository) []string {
		j := r.jited()
		return append(numbers(j.functions, j.insns), j.bounds.String(), j.names.String())
	})
}

// writeTable prints a line for each repository, and their sum.
func (r *progReport) writeTable(w io.Writer, all *repository, heading []string, cells func(*repository) []string) {
	fmt.Fprintln(w)
	line(w, append([]string{"repository"}, heading...))
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(heading)+1))
	for _, r := range append(slices.Clone(r.repositories), all) {
		line(w, append([]string{r.name}, cells(r)...))
	}
}

func numbers(list ...int) []string {
	var cells []string
	for _, n := range list {
		cells = append(cells, strconv.Itoa(n))
	}
	return cells
}

// writeList prints a section with what repositories have to list.
func (r *progReport) writeList(w io.Writer, title string, of func(*repository) []string) {
	byGroup := make(map[*group]*repository)
	for _, r := range r.repositories {
		byGroup[r.group] = r
	}
	writeList(w, title, r.groups(), func(g *group) []string { return of(byGroup[g]) })
}

// results returns those of each program that was compared.
func (r *repository) results() [][]result {
	var results [][]result
	for _, p := range r.compared {
		results = append(results, p.results)
	}
	return results
}

// jited returns what was found out about the machine code of all programs.
func (r *repository) jited() jited {
	sum := jited{tolerated: make(map[string]int)}
	for _, p := range r.compared {
		sum.functions += p.jited.functions
		sum.insns += p.jited.insns
		sum.bounds.add(p.jited.bounds)
		sum.names.add(p.jited.names)
		for why, n := range p.jited.tolerated {
			sum.tolerated[why] += n
		}
	}
	return sum
}

// differences lists what nothing excuses.
func (r *repository) differences() []string {
	var list []string
	for _, p := range r.compared {
		name := p.object + ", " + p.name
		list = append(list, differing(name, progChecks, p.results)...)
		for _, why := range p.jited.why {
			list = append(list, name+", jited: "+why)
		}
	}
	return list
}

// reasons lists why how many programs do not load.
func (r *repository) reasons() []string {
	counts := make(map[string]int)
	for _, p := range r.notLoaded() {
		counts[p.failed]++
	}
	var list []string
	for _, why := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%d: %s", counts[why], why))
	}
	return list
}
