package require

import (
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kallsyms"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Running is the running kernel, as far as an object looks for types and names in it.
type Running struct {
	Types   *core.Target // with those of the modules that are loaded; nil if they cannot be read
	NoTypes error        // why not

	Symbols   map[string]bool // those of the object's that the kernel has
	NoSymbols error           // why that is not known
}

// ReadRunning reads what an object looks for in the running kernel.
func ReadRunning(o *elfobj.Object) *Running {
	k := &Running{Symbols: make(map[string]bool)}
	spec, err := pick.ReadKernelBTF(0)
	if k.NoTypes = err; err == nil {
		modules := []core.Module{}
		for _, m := range pick.ReadModules(spec).Loaded {
			modules = append(modules, core.Module(m))
		}
		k.Types = core.NewTarget(spec, modules)
	}
	wanted := make(map[string]bool)
	for _, e := range o.Externs {
		if e.Kind == elfobj.Ksym && e.Type == 0 {
			wanted[e.Name] = true
		}
	}
	if len(wanted) == 0 {
		return k // the kernel takes long to write its symbols
	}
	found, err := kallsyms.Addresses(wanted)
	k.NoSymbols = err
	for name := range found {
		k.Symbols[name] = true
	}
	return k
}

// Check answers what a survey does not: whether the running kernel has the symbols of an object, and what its relocations and
// names ask for.
func (r *Report) Check(o *elfobj.Object, k *Running) {
	known := make(map[string]verdict.Verdict)
	for _, e := range o.Externs {
		if e.Kind == elfobj.Ksym {
			known[e.Name] = k.symbol(e)
		}
	}
	var missing []Answered
	if k.Types != nil {
		missing = relocations(o, k.Types)
		for _, s := range core.Symbols(o, k.Types) {
			switch {
			case s.Kind == core.KernelVar:
				known[s.Name] = variable(s)
			case s.Answer != verdict.Yes && !s.Optional:
				missing = append(missing, lacking(survey.Kind(s.Kind.String()), s.Name, s.Answer, s.Reason, s.Program))
			}
		}
	}
	r.Decide(Symbol, func(name string) verdict.Verdict { return known[name] })
	seen := make(map[string]bool)
	for _, row := range missing {
		if key := string(row.Kind) + " " + row.Name; !seen[key] {
			seen[key] = true
			r.Add(row)
		}
	}
}

// symbol tells whether the kernel has a symbol: one with a type is a variable, which is looked for among its types.
func (k *Running) symbol(e *elfobj.Extern) verdict.Verdict {
	switch {
	case e.Type != 0 && k.NoTypes != nil:
		return verdict.Verdict{Evidence: k.NoTypes.Error()}
	case k.NoSymbols != nil:
		return verdict.Verdict{Evidence: k.NoSymbols.Error()}
	case k.Symbols[e.Name]:
		return verdict.Verdict{Answer: verdict.Yes, Evidence: "it is in " + kallsyms.Path}
	}
	return verdict.Verdict{Answer: verdict.No, Evidence: "it is not in " + kallsyms.Path}
}

// variable tells whether a variable is among the kernel's types.
func variable(s core.Symbol) verdict.Verdict {
	if s.Reason != nil {
		return verdict.Verdict{Answer: s.Answer, Evidence: s.Reason.Cause}
	}
	return verdict.Verdict{Answer: s.Answer, Evidence: "it is among the kernel's types"}
}

// relocations returns those that fail, for which an object cannot be loaded.
func relocations(o *elfobj.Object, types *core.Target) (rows []Answered) {
	for _, p := range o.Programs {
		if !p.Autoload() {
			continue
		}
		for _, r := range core.Evaluate(o, p, types) {
			if r.Outcome.Fails() {
				rows = append(rows, lacking("relocation", r.Path, verdict.No, r.Reason, p))
			}
		}
	}
	for _, f := range o.Uncalled() {
		for _, r := range core.Evaluate(o, f, types) {
			if r.Func == f && r.Outcome.IsFatal() {
				rows = append(rows, lacking("relocation", r.Path, verdict.No, r.Reason, f))
			}
		}
	}
	return rows
}

// lacking is a row of what fails; p, which needs it, may be nil.
func lacking(kind survey.Kind, name string, a verdict.Answer, why *core.Reason, p *elfobj.Func) Answered {
	row := Answered{Requirement{Kind: kind, Name: name}, verdict.Verdict{Answer: a}}
	if why != nil {
		row.Evidence = why.Cause
	}
	if p != nil {
		row.Where = []string{p.Name}
	}
	return row
}
