package feature

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/require"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// requireFeatures answers "feature require": whether the running kernel, or a saved one, has what something needs.
func requireFeatures(ctx context.Context, c *call.Call) error {
	w, err := readRequireWords(c.Args)
	if err != nil {
		return err
	}
	s, err := w.kernel(ctx)
	if err != nil {
		return err
	}
	r := require.Judge(w.name, w.list, s)
	if w.object != nil && w.saved == "" {
		judgeTypes(r, w.object)
	}
	if err := c.Out.One(r); err != nil {
		return err
	}
	return r.Status()
}

// A requireWords is what "feature require" was asked for.
type requireWords struct {
	name   string // whose requirements
	list   []require.Requirement
	object *elfobj.Object // or nil
	saved  string         // path of a saved probe, or empty for the running kernel
}

// readRequireWords reads a profile, a file or an object, and maybe a saved probe.
func readRequireWords(a *args.Args) (w requireWords, err error) {
	word, err := a.Next(1)
	if err != nil {
		return w, err
	}
	if args.Abbreviates(word, "object") && a.Len() > 0 && !args.Abbreviates(a.Peek(), "kernel") {
		path, _ := a.Next(1)
		if w.object, err = elfobj.Open(path); err != nil {
			return w, err
		}
		w.name, w.list = filepath.Base(path), require.OfObject(needs.Of(w.object))
	} else if w.name, w.list, err = profile(word); err != nil {
		return w, err
	}
	if a.Is("kernel") {
		if w.saved, err = a.Next(1); err != nil {
			return w, err
		}
	}
	return w, a.Done()
}

// profile returns the requirements of a profile that comes with the tool, or else of a file.
func profile(word string) (name string, list []require.Requirement, err error) {
	if list, ok := require.Profile(word); ok {
		return word, list, nil
	}
	text, err := survey.ReadFile(word)
	if errors.Is(err, os.ErrNotExist) && !strings.Contains(word, "/") {
		return "", nil, fmt.Errorf("'%s' is no profile (%s), nor a file", word, strings.Join(require.Profiles(), ", "))
	}
	if err != nil {
		return "", nil, err
	}
	if list, err = require.Parse(string(text)); err != nil {
		return "", nil, fmt.Errorf("%s: %w", word, err)
	}
	return filepath.Base(word), list, nil
}

// kernel returns what there is in the kernel that is asked about.
func (w *requireWords) kernel(ctx context.Context) (*survey.Survey, error) {
	if w.saved != "" {
		return survey.Open(w.saved)
	}
	return survey.Take(ctx, probe.Scope{})
}

// judgeTypes adds what an object needs to find in the running kernel: what its relocations ask for, and names.
func judgeTypes(r *require.Report, o *elfobj.Object) {
	spec, err := pick.ReadKernelBTF(0)
	if err != nil { // that the types are missing is a row already, if they are needed
		r.Decide(require.Symbol, symbols(o, nil, err))
		return
	}
	kernel := core.NewTarget(spec, nil)
	rows := unresolved(o, kernel)
	if len(rows) > 0 {
		modules := []core.Module{}
		for _, m := range pick.ReadModules(spec) {
			modules = append(modules, core.Module(m))
		}
		kernel = core.NewTarget(spec, modules)
		rows = unresolved(o, kernel)
	}
	r.Decide(require.Symbol, symbols(o, kernel, nil))
	for _, row := range rows {
		r.Add(row)
	}
}

// symbols returns what tells whether there is a symbol: those that have types in the object are looked up in the kernel's, or
// noTypes is why that cannot be done.
func symbols(o *elfobj.Object, kernel *core.Target, noTypes error) func(name string) verdict.Verdict {
	known := make(map[string]verdict.Verdict)
	for _, e := range o.Externs {
		if e.Type != 0 && noTypes != nil {
			known[e.Name] = verdict.Verdict{Evidence: noTypes.Error()}
		}
	}
	if kernel != nil {
		for _, s := range core.Symbols(o, kernel) {
			switch {
			case s.Kind != core.KernelVar:
			case s.Reason != nil:
				known[s.Name] = verdict.Verdict{Answer: s.Answer, Evidence: s.Reason.Cause}
			default:
				known[s.Name] = verdict.Verdict{Answer: s.Answer, Evidence: "it is among the kernel's types"}
			}
		}
	}
	return func(name string) verdict.Verdict {
		if v, ok := known[name]; ok {
			return v
		}
		return symbol(name)
	}
}

// symbol tells whether the kernel has a symbol.
func symbol(name string) verdict.Verdict {
	found, err := kallsyms.Addresses(map[string]bool{name: true})
	switch {
	case err != nil:
		return verdict.Verdict{Evidence: err.Error()}
	case len(found[name]) == 0:
		return verdict.Verdict{Answer: verdict.No, Evidence: "it is not in " + kallsyms.Path}
	}
	return verdict.Verdict{Answer: verdict.Yes, Evidence: "it is in " + kallsyms.Path}
}

// unresolved returns the relocations and names of an object that fail on a kernel, which it cannot be loaded without: each
// once, and not the variables, which are symbols.
func unresolved(o *elfobj.Object, kernel *core.Target) (rows []require.Answered) {
	seen := make(map[string]bool)
	add := func(row require.Answered) {
		if key := string(row.Kind) + " " + row.Name; !seen[key] {
			seen[key] = true
			rows = append(rows, row)
		}
	}
	for _, p := range o.Programs {
		if !p.Autoload() {
			continue
		}
		for _, r := range core.Evaluate(o, p, kernel) {
			if r.Outcome.Fails() {
				add(missing("relocation", r.Path, verdict.No, r.Reason, p))
			}
		}
	}
	for _, s := range core.Symbols(o, kernel) {
		if s.Answer != verdict.Yes && !s.Optional && s.Kind != core.KernelVar {
			add(missing(survey.Kind(s.Kind.String()), s.Name, s.Answer, s.Reason, s.Program))
		}
	}
	return rows
}

// missing is a row of what fails; p, which needs it, may be nil.
func missing(kind survey.Kind, name string, a verdict.Answer, why *core.Reason, p *elfobj.Func) require.Answered {
	row := require.Answered{Requirement: require.Requirement{Kind: kind, Name: name}, Verdict: verdict.Verdict{Answer: a}}
	if why != nil {
		row.Evidence = why.Cause
	}
	if p != nil {
		row.Where = []string{p.Name}
	}
	return row
}
