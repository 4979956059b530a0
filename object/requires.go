package object

import (
	"bufio"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/require"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// Requirements are what "object requires" reports about an ELF object.
type Requirements struct {
	File   string `json:"file"` // its name, without folders
	Kernel Kernel `json:"kernel"`

	Capabilities []needs.Right   `json:"capabilities"`
	Nobody       verdict.Verdict `json:"without_capabilities"` // with kernel.unprivileged_bpf_disabled=0
	KernelBTF    verdict.Verdict `json:"kernel_btf"`
	Instructions string          `json:"instruction_set"` // of -mcpu
	Needs        []needs.Need    `json:"needs"`
	Externs      []needs.Extern  `json:"externs"`
	Ready        ready           `json:"ready"`
}

// Kernel is the oldest kernel of the mainline that has what an object cannot do without.
type Kernel struct {
	Version names.Version `json:"version"`
	Because []string      `json:"because"` // what it brought
	Unsure  []string      `json:"unsure"`  // what nothing is known about
	Warning string        `json:"warning"`
}

// backports is what has to be said with each version.
const backports = "vendors bring much of later kernels back to theirs, and leave much out: a version tells of the mainline only"

// requires answers "object requires OBJ [kernel SAVED] [format FORMAT]".
func requires(_ context.Context, c *call.Call) error {
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	saved := ""
	if c.Args.Is("kernel") {
		if saved, err = c.Args.Next(1); err != nil {
			return err
		}
	}
	write, err := readFormat(c)
	if err != nil {
		return err
	}
	o, err := open(path)
	if err != nil {
		return err
	}
	if saved != "" {
		if write != nil {
			return args.Errorf("'format' is about users and containers: not with 'kernel'")
		}
		return requiresOf(c, path, o, saved)
	}
	r := describeNeeds(filepath.Base(path), needs.Of(o))
	if write != nil {
		return write(r)
	}
	return c.Out.One(r)
}

// requiresOf answers whether a kernel that was probed has what an object needs.
func requiresOf(c *call.Call, path string, o *elfobj.Object, saved string) error {
	s, err := survey.Open(saved)
	if err != nil {
		return err
	}
	r := require.Judge(filepath.Base(path), require.OfObject(needs.Of(o)), s)
	if err := c.Out.One(r); err != nil {
		return err
	}
	return r.Status()
}

// readFormat reads the words behind the object. The result is nil if they ask for no document.
func readFormat(c *call.Call) (func(*Requirements) error, error) {
	if !c.Args.Is("format") {
		return nil, c.Args.Done()
	}
	word, err := c.Args.Next(1)
	if err != nil {
		return nil, err
	}
	for _, f := range formats {
		if f.name != word {
			continue
		}
		return func(r *Requirements) error {
			w, err := c.Out.Text(f.name)
			if err != nil {
				return err
			}
			_, err = w.WriteString(f.of(&r.Ready))
			return err
		}, c.Args.Done()
	}
	return nil, unknownFormat(word)
}

// describeNeeds turns what is known into a report.
func describeNeeds(file string, n *needs.Needs) *Requirements {
	oldest, because, unsure := n.Kernel()
	r := &Requirements{
		File:         file,
		Kernel:       Kernel{oldest, titles(because), titles(unsure), backports},
		Capabilities: n.Rights, Nobody: n.Nobody, KernelBTF: n.Types,
		Instructions: fmt.Sprintf("v%d", n.Level()),
		Needs:        n.List, Externs: n.Externs,
	}
	if r.Needs == nil {
		r.Needs = []needs.Need{}
	}
	r.Ready = readyFor(file, n)
	return r
}

// titles returns what to call each of several needs.
func titles(list []needs.Need) []string {
	names := []string{}
	for _, n := range list {
		names = append(names, n.Kind.String()+" "+n.Name)
	}
	return names
}

// Plain implements [render.Fact].
func (r *Requirements) Plain(w *bufio.Writer) { render.Carefully(w, r.plain) }

func (r *Requirements) plain(w *bufio.Writer) {
	fmt.Fprintf(w, "%s: ", r.File)
	r.Kernel.plain(w)
	fmt.Fprint(w, "\tcapabilities, from Linux 5.8 on; before it is CAP_SYS_ADMIN:\n")
	for _, c := range r.Capabilities {
		fmt.Fprintf(w, "\t\t%s: %s", c.Capability, c.Verdict)
		if c.Attach {
			fmt.Fprint(w, ", to attach it")
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\t\twithout any, where kernel.unprivileged_bpf_disabled is 0: %s\n", r.Nobody)
	fmt.Fprintf(w, "\ttypes of the kernel (CONFIG_DEBUG_INFO_BTF): %s\n", r.KernelBTF)
	fmt.Fprintf(w, "\tinstruction set: %s\n", r.Instructions)
	for i, n := range r.Needs {
		if i == 0 || n.Kind != r.Needs[i-1].Kind {
			fmt.Fprintf(w, "\t%s:\n", n.Kind.Plural())
		}
		plainNeed(w, n)
	}
	for i, e := range r.Externs {
		section(w, i, "settings and symbols of the kernel")
		fmt.Fprintf(w, "%s %s", e.Kind, e.Name)
		if e.Weak {
			fmt.Fprint(w, "  weak")
		}
		fmt.Fprintln(w)
	}
}

func (k Kernel) plain(w *bufio.Writer) {
	switch {
	case k.Version.IsZero():
		fmt.Fprint(w, "any kernel with BPF\n")
	default:
		fmt.Fprintf(w, "Linux %s, which brought %s\n", k.Version, strings.Join(k.Because, ", "))
	}
	if len(k.Unsure) > 0 {
		fmt.Fprintf(w, "\tof which no kernel is known that brought it: %s\n", strings.Join(k.Unsure, ", "))
	}
	fmt.Fprintf(w, "\t%s\n", k.Warning)
}

func plainNeed(w *bufio.Writer, n needs.Need) {
	fmt.Fprintf(w, "\t\t%s: ", n.Name)
	if n.Since.IsZero() {
		fmt.Fprint(w, "of no known kernel")
	} else {
		fmt.Fprintf(w, "since %s", n.Since)
	}
	if n.Optional {
		fmt.Fprint(w, ", optional")
	}
	if n.Note != "" {
		fmt.Fprintf(w, " (%s)", n.Note)
	}
	if len(n.Where) > 0 {
		fmt.Fprintf(w, "  %s", strings.Join(n.Where, ", "))
	}
	fmt.Fprintln(w)
}
