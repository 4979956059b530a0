package cmd

import (
	"strings"

	"github.com/gobpftool/gobpftool/btfcmd"
	"github.com/gobpftool/gobpftool/feature"
	"github.com/gobpftool/gobpftool/gen"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/link"
	"github.com/gobpftool/gobpftool/mapcmd"
	"github.com/gobpftool/gobpftool/object"
	"github.com/gobpftool/gobpftool/prog"
)

// table returns the objects of the command line. As in bpftool an abbreviation
// picks the first match, so "p" is prog and never perf: the order is bpftool's,
// and what is ours follows.
func table(r *runner) []call.Object {
	return []call.Object{
		{Name: call.Help, Short: "how the tool is used"},
		{Name: "batch", Args: "file FILE", Short: "the commands in a file, one a line", Long: batchLong, Run: r.batch},
		prog.Commands,
		mapcmd.Commands,
		link.Commands,
		planned("cgroup", "programs that are attached to cgroups", "show list tree attach detach help"),
		planned("perf", "programs that are attached to perf events", "show list help"),
		planned("net", "programs that are attached to the network", "show list attach detach help"),
		feature.Commands,
		btfcmd.Commands,
		gen.Commands,
		planned("struct_ops", "sets of kernel operations made of programs", "show list register unregister dump help"),
		planned("iter", "programs that iterate over objects of the kernel", "help pin"),
		planned("token", "tokens that delegate rights to BPF", "show list help"),
		object.Commands,
		{Name: "version", Short: "which tool this is, and what it can do", Long: versionLong, Run: showVersion},
		completion(r),
	}
}

// planned is an object of which nothing is built yet. Its words keep their
// place.
func planned(name, short, verbs string) call.Object {
	o := call.Object{Name: name, Short: short}
	for _, v := range strings.Fields(verbs) {
		o.Verbs = append(o.Verbs, call.Verb{Name: v})
	}
	return o
}

// findObject returns the first object that word abbreviates. The empty word
// abbreviates them all.
func findObject(objects []call.Object, word string) *call.Object {
	for i := range objects {
		if strings.HasPrefix(objects[i].Name, word) {
			return &objects[i]
		}
	}
	return nil
}

// findVerb returns the first verb of o that word abbreviates.
func findVerb(o *call.Object, word string) *call.Verb {
	for i := range o.Verbs {
		if strings.HasPrefix(o.Verbs[i].Name, word) {
			return &o.Verbs[i]
		}
	}
	return nil
}

// resolve returns the verb that v is a second name of, or v itself.
func resolve(o *call.Object, v *call.Verb) *call.Verb {
	for i := range o.Verbs {
		if v.Like != "" && o.Verbs[i].Name == v.Like {
			return &o.Verbs[i]
		}
	}
	return v
}
