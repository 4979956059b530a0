package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A loadReport is what came of loading objects with both tools.
type loadReport struct {
	reference string // its version
	kernels   []*loadKernel
}

// write prints r as Markdown.
func (r *loadReport) write(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Public objects, loaded by the reference and by the tool\n\n")
	fmt.Fprintf(w, "Written by `make corpus-loads`. Each object was loaded by %s and by the tool, each into a bpffs of its\n", r.reference)
	fmt.Fprintf(w, "own, by `prog loadall OBJ DIR pinmaps DIR`. At most %d objects of a repository were loaded, except\n", mostObjects)
	fmt.Fprintf(w, "the kernel's selftests and this module's; in guests %d, from all over the list of\n", mostInGuests)
	fmt.Fprintf(w, "their names. What the reference shows and dumps of both must be the same: programs (names, types, tags,\n")
	fmt.Fprintf(w, "sizes, what the kernel expects them to be attached to, whether they sleep), maps (names, types, sizes, flags), what maps\n")
	fmt.Fprintf(w, "hold, the translated instructions byte for byte, and types. Numbers that the kernel gives are replaced by names.\n")
	fmt.Fprintf(w, "Where both refuse an object the cause is the same if the last word of the verifier is, or the\nreason, what it is about, and the error.\n")
	fmt.Fprintf(w, "What is refused here alone, or loads and is different, counts against the share.\n\n")
	line(w, []string{"kernel", "objects", "the reference loads", "here the same", "share", "both refuse", "for the same cause"})
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", 7))
	for _, k := range r.kernels {
		line(w, k.sum())
	}
	for _, k := range r.kernels {
		k.write(w)
	}
	return w.Flush() // bufio.Writer keeps its first error
}

// differing counts what is not as the reference has it, for reasons that nobody knows.
func (r *loadReport) differing() (n int) {
	for _, k := range r.kernels {
		n += k.number(func(o *loadObject) bool { return len(o.why) > 0 && !o.explained })
	}
	return n
}

// title names a kernel, and where it ran.
func (k *loadKernel) title() string {
	if k.guest {
		return "Linux " + k.release + ", in a guest"
	}
	return "Linux " + k.release
}

// sum returns a kernel's line of the first table.
func (k *loadKernel) sum() []string {
	cells := []string{k.title()}
	refused := k.count(refusedSame) + k.count(refusedUnlike)
	for _, n := range []int{k.number(func(*loadObject) bool { return true }), k.loaded(), k.same()} {
		cells = append(cells, strconv.Itoa(n))
	}
	return append(cells, share(k.same(), k.loaded()), strconv.Itoa(refused), strconv.Itoa(k.count(refusedSame)))
}

// write prints what came of loading on a kernel.
func (k *loadKernel) write(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n\n", heading(2, k.title()))
	k.writeTable(w)
	fmt.Fprintf(w, "\nOf the %d objects that the reference loads %d load here and are the same: %s.\n", k.loaded(), k.same(), share(k.same(), k.loaded()))
	fmt.Fprintf(w, "%d objects are of other repositories than %s and this project; of those %d have CO-RE, struct_ops, USDT, an arena or maps\nin maps.\n",
		k.public(func(*loadObject) bool { return true }), selftests, k.public(func(o *loadObject) bool { return o.traits.any() }))
	for _, v := range []loadVerdict{loadsMoved, loadsDiffer, oursRefuses, theirsRefuses, refusedUnlike} {
		k.writeVerdict(w, v)
	}
	writeCounts(w, heading(3, "refused for the same cause"), k.causes())
}

// writeTable prints a line for each repository, and their sum.
func (k *loadKernel) writeTable(w io.Writer) {
	heading := append([]string{"repository", "made of", "objects"}, loadTitles[:]...)
	heading = append(heading, "CO-RE", "struct_ops", "USDT", "arena", "maps in maps")
	line(w, heading)
	fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(heading)))
	all := &loadGroup{group: &group{name: "all"}}
	for _, g := range k.groups {
		line(w, g.cells())
		all.objects = append(all.objects, g.objects...)
	}
	line(w, all.cells())
}

// cells returns a group's line of the table.
func (g *loadGroup) cells() []string {
	cells := []string{g.name, g.made, strconv.Itoa(len(g.objects))}
	for v := range loadVerdicts {
		cells = append(cells, strconv.Itoa(g.number(func(o *loadObject) bool { return o.verdict == v })))
	}
	for _, has := range []func(traits) bool{
		func(t traits) bool { return t.core }, func(t traits) bool { return t.structOps }, func(t traits) bool { return t.usdt },
		func(t traits) bool { return t.arena }, func(t traits) bool { return t.nested },
	} {
		cells = append(cells, strconv.Itoa(g.number(func(o *loadObject) bool { return has(o.traits) })))
	}
	return cells
}

// number counts objects.
func (g *loadGroup) number(is func(*loadObject) bool) (n int) {
	for _, o := range g.objects {
		n += count1(is(o))
	}
	return n
}

// number counts objects of all groups.
func (k *loadKernel) number(is func(*loadObject) bool) (n int) {
	for _, g := range k.groups {
		n += g.number(is)
	}
	return n
}

// count counts the objects with a verdict.
func (k *loadKernel) count(v loadVerdict) int {
	return k.number(func(o *loadObject) bool { return o.verdict == v })
}

// causes counts the objects that both refuse for the same cause.
func (k *loadKernel) causes() map[string]int {
	counts := make(map[string]int)
	for _, g := range k.groups {
		for _, o := range g.objects {
			if o.cause != "" {
				counts["objects: "+o.cause]++
			}
		}
	}
	return counts
}

// public counts objects of other repositories than the kernel, and not of those that are of this project.
func (k *loadKernel) public(is func(*loadObject) bool) (n int) {
	for _, g := range k.groups {
		if g.name != selftests && g.name != committed && g.name != idioms {
			n += g.number(is)
		}
	}
	return n
}

// same counts what loads here as there.
func (k *loadKernel) same() int { return k.count(loadsSame) + k.count(loadsMoved) }

// loaded counts what the reference loads.
func (k *loadKernel) loaded() int {
	return k.same() + k.count(loadsDiffer) + k.count(oursRefuses)
}

// share returns n of all in percent.
func share(n, all int) string {
	if all == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(all))
}

// writeVerdict lists the objects with a verdict, those of the same reason together.
func (k *loadKernel) writeVerdict(w io.Writer, v loadVerdict) {
	on := make(map[string][]string)
	for _, g := range k.groups {
		for _, o := range g.objects {
			if o.verdict == v {
				why := strings.Join(o.why, "; ")
				if !o.explained {
					why = "not explained: " + why
				}
				on[why] = append(on[why], g.name+": "+o.name)
			}
		}
	}
	writeOn(w, heading(3, loadTitles[v]), on)
}
