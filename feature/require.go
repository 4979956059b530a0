package feature

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
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
	text, err := os.ReadFile(word)
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

// moduleTypes is where the kernel shows the types of its modules, beside its own.
const moduleTypes = "/sys/kernel/btf/*"

// judgeTypes adds what an object needs to find in the running kernel: what its relocations ask for, and names.
func judgeTypes(r *require.Report, o *elfobj.Object) {
	typed := make(map[string]bool)
	for _, e := range o.Externs {
		typed[e.Name] = e.Type != 0
	}
	spec, err := pick.ReadKernelBTF(0)
	r.Decide(require.Symbol, func(name string) verdict.Verdict { return symbol(name, typed[name], err) })
	if err != nil {
		return // that the types are missing is a row already, if they are needed
	}
	rows := unresolved(o, core.NewTarget(spec, nil))
	if len(rows) > 0 {
		rows = unresolved(o, core.NewTarget(spec, readModules(spec)))
	}
	for _, row := range rows {
		r.Add(row)
	}
}

// symbol tells whether the kernel has a symbol; one that has a type in the object is looked up in the kernel's types, or noTypes is
// why that cannot be done.
func symbol(name string, typed bool, noTypes error) verdict.Verdict {
	switch {
	case typed && noTypes != nil:
		return verdict.Verdict{Evidence: noTypes.Error()}
	case typed:
		return verdict.Verdict{Answer: verdict.Yes, Evidence: "it is among the kernel's types, unless there is a row that says otherwise"}
	}
	found, err := kallsyms.Addresses(map[string]bool{name: true})
	switch {
	case err != nil:
		return verdict.Verdict{Evidence: err.Error()}
	case len(found[name]) == 0:
		return verdict.Verdict{Answer: verdict.No, Evidence: "it is not in " + kallsyms.Path}
	}
	return verdict.Verdict{Answer: verdict.Yes, Evidence: "it is in " + kallsyms.Path}
}

// readModules returns the types of the modules that are loaded and can be read.
func readModules(kernel *btf.Spec) []core.Module {
	list := []core.Module{}
	paths, _ := filepath.Glob(moduleTypes) // the pattern is right
	for _, path := range paths {
		if path == pick.KernelTypes {
			continue
		}
		if spec, err := btf.Open(path, kernel); err == nil {
			list = append(list, core.Module{Name: filepath.Base(path), Spec: spec})
		}
	}
	return list
}

// unresolved returns the relocations and names of an object that fail on a kernel, which it cannot be loaded without.
func unresolved(o *elfobj.Object, kernel *core.Target) (rows []require.Answered) {
	for _, p := range o.Programs {
		if !p.Autoload() {
			continue
		}
		for _, r := range core.Evaluate(o, p, kernel) {
			if r.Outcome.Fails() {
				rows = append(rows, missing("relocation", r.Path, verdict.No, r.Reason, p))
			}
		}
	}
	for _, s := range core.Symbols(o, kernel) {
		if s.Answer != verdict.Yes && !s.Optional {
			rows = append(rows, missing(survey.Kind(s.Kind.String()), s.Name, s.Answer, s.Reason, s.Program))
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
