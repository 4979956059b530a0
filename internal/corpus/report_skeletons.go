package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A skeletonReport is what came of generating skeletons, and of loading objects with them.
type skeletonReport struct {
	kernel string
	groups []*skeletonGroup
}

// write prints r as Markdown.
func (r *skeletonReport) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Skeletons of public objects\n\n")
	fmt.Fprintf(w, "Written by `make corpus-skeletons`. Of each object `gen skeleton` made a skeleton, which gofmt had to leave as it is, and which\n")
	fmt.Fprintf(w, "`go vet` had to compile and to find nothing in. On Linux %s `prog loadall` loaded the object, and where it did, the skeleton\nhad to load it, too. Where it has types, its subskeleton had to be right as well, and to find in it all that it has. At most %d objects of a repository are taken.\n\n", r.kernel, mostObjects)
	columns := []struct {
		title string
		is    func(*skeletonObject) bool
	}{
		{"objects", func(*skeletonObject) bool { return true }},
		{"no skeleton", func(o *skeletonObject) bool { return o.failed != nil }},
		{"wrong skeleton", (*skeletonObject).faulty},
		{"loadall loads", func(o *skeletonObject) bool { return o.loads }},
		{"the skeleton, too", func(o *skeletonObject) bool { return o.runs }},
		{"loadall loads, with BTF", func(o *skeletonObject) bool { return o.loads && o.types }},
		{"the skeleton, too", func(o *skeletonObject) bool { return o.runs && o.types }},
	}
	heading := []string{"repository", "made of"}
	for _, c := range columns {
		heading = append(heading, c.title)
	}
	line(w, heading)
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(heading)))
	all := &skeletonGroup{group: &group{name: "all"}}
	for _, g := range r.groups {
		all.objects = append(all.objects, g.objects...)
	}
	for _, g := range append(r.groups, all) {
		cells := []string{g.name, g.made}
		for _, c := range columns {
			n := 0
			for _, o := range g.objects {
				n += count1(c.is(o))
			}
			cells = append(cells, strconv.Itoa(n))
		}
		line(w, cells)
	}
	loads, runs := r.loaded(false)
	fmt.Fprintf(w, "\nOf the %d public objects with BTF that `prog loadall` loads, %d are loaded by their skeletons: %s.\n", loads, runs, share(runs, loads))
	loads, runs = r.loaded(true)
	fmt.Fprintf(w, "Of the %d of this module, most of which are written to be hard, %d are: %s.\n", loads, runs, share(runs, loads))
	r.list(w, "Not loaded by the skeleton", func(o *skeletonObject) string {
		if o.loads && !o.runs {
			return o.refuse
		}
		return ""
	})
	r.list(w, "No skeleton", func(o *skeletonObject) string {
		if o.failed != nil {
			return o.failed.Error()
		}
		return ""
	})
	r.list(w, "Wrong skeleton", func(o *skeletonObject) string { return strings.Join(o.faults, "; ") })
	return w.Flush() // bufio.Writer keeps its first error
}

// loaded returns how many objects with BTF, of this module or of others, "prog loadall" loads, and how many of them their
// skeletons load.
func (r *skeletonReport) loaded(own bool) (loads, runs int) {
	for _, g := range r.groups {
		for _, o := range g.objects {
			if (g.name == committed) == own && o.types {
				loads, runs = loads+count1(o.loads), runs+count1(o.runs)
			}
		}
	}
	return loads, runs
}

// list lists objects with a cause.
func (r *skeletonReport) list(w io.Writer, title string, cause func(*skeletonObject) string) {
	fmt.Fprintf(w, "\n## %s\n\n", title)
	for _, g := range r.groups {
		for _, o := range g.objects {
			if why := cause(o); why != "" {
				fmt.Fprintf(w, "- %s: %s: %.400q\n", g.name, o.name, why)
			}
		}
	}
}

// count counts objects.
func (r *skeletonReport) count(is func(*skeletonObject) bool) (n int) {
	for _, g := range r.groups {
		for _, o := range g.objects {
			n += count1(is(o))
		}
	}
	return n
}
