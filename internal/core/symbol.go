package core

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A Symbol is something of the kernel that libbpf finds by its name in the types, besides
// what relocations ask for. There is one for each place that needs it.
type Symbol struct {
	Kind    SymbolKind
	Name    string       // as the object has it; of a target with its section, such as fentry/do_unlinkat
	Program *elfobj.Func // that needs it; nil if the object does as a whole
	Func    *elfobj.Func // of the program, that has the instruction; nil if there is none
	Line    *elfobj.Line // of source, or nil

	// Optional says that the object can be loaded without it: the program is not loaded
	// unless that is asked for.
	Optional bool

	Type   btf.ID // of the kernel's, 0 if it is not there
	Module string // that has it, "" for the kernel itself

	// Answer is whether it is there as the object needs it, if it does. It is not known if
	// a module may have it whose types are not given.
	Answer verdict.Answer
	Reason *Reason // nil if the answer is yes
}

// A SymbolKind says what a symbol is needed for.
type SymbolKind uint8

// The kinds of symbols.
const (
	CalledFunc    SymbolKind = iota // a function of the kernel that programs call: an extern
	KernelVar                       // a variable of the kernel: an extern
	AttachTarget                    // what a program is attached to
	FuncStruct                      // the struct of functions that a map of struct_ops is
	UnknownExtern                   // an extern without a type
)

var symbolKinds = [...]string{"kfunc", "ksym", "attach_target", "struct_ops", "extern"}

// String returns the word for a kind.
func (k SymbolKind) String() string { return symbolKinds[k] }

// Symbols returns what an object needs to find in the types of a kernel by name. Of what it
// can be loaded without (weak) the answer is yes.
//
// Source: what libbpf 1.8 does when it loads objects, and prepares to load programs.
func Symbols(o *elfobj.Object, t *Target) (list []Symbol) {
	seeker := &seeker{object: o, target: t, steps: maxAllSteps}
	for _, e := range o.Externs {
		list = append(list, seeker.extern(e)...)
	}
	for _, p := range o.Programs {
		if q, ok := targetOf(p); ok {
			s := Symbol{Kind: AttachTarget, Name: strings.TrimPrefix(p.Section, "?"), Program: p, Optional: !p.Autoload()}
			seeker.seek(q, &s)
			list = append(list, s)
		}
	}
	for _, m := range o.Maps {
		if m.Kind == elfobj.StructOps {
			list = append(list, seeker.funcStruct(m))
		}
	}
	return list
}

// A seeker looks for what an object needs.
type seeker struct {
	object *elfobj.Object
	target *Target
	steps  int                         // that are left for comparing types
	places map[*elfobj.Extern][]Symbol // nil until it is asked for
}

// A quest is what is looked for.
type quest struct {
	what   string // in words, such as "function do_unlinkat"
	name   string // that the types have
	kind   btf.Kind
	module string // the only one that may have it; "vmlinux" is the kernel, "" all

	weak bool                            // it need not be there
	own  bool                            // modules cannot have it
	fit  func(x *index, t btf.Type) bool // whether it is as it has to be; nil if it always is
}

// extern looks for an extern, and returns a symbol for each place that uses it.
func (s *seeker) extern(e *elfobj.Extern) []Symbol {
	found := Symbol{Name: e.Name}
	q := quest{name: e.Name, weak: e.Weak}
	agrees := func(x *index, t btf.Type) bool { return s.agree(x, e.Type, t.Ref()) }
	switch {
	case e.Kind == elfobj.Kfunc:
		found.Kind = CalledFunc
		q.name, q.kind = essential(e.Name), btf.Func
		q.what = "function " + short(q.name)
		q.fit = agrees
	case e.Kind == elfobj.Ksym && e.Type != 0:
		found.Kind = KernelVar
		q.kind = btf.Var
		q.what = "variable " + short(q.name)
		q.fit = agrees
	case e.Kind == elfobj.Undeclared:
		found.Kind, found.Answer = UnknownExtern, verdict.No
		found.Reason = &Reason{"The object does not tell what " + short(e.Name) + " is.", "libbpf refuses the object. Declare it as __ksym or __kconfig, or link the object with the one that has it."}
		return s.uses(e, found)
	default:
		return nil // a setting, or an address that /proc/kallsyms tells
	}
	s.seek(q, &found)
	return s.uses(e, found)
}

// uses returns a symbol for each place that uses an extern, or if there is none just one.
func (s *seeker) uses(e *elfobj.Extern, found Symbol) []Symbol {
	if found.Answer == verdict.Yes {
		return []Symbol{found}
	}
	if s.places == nil {
		s.places = placesOf(s.object)
	}
	list := slices.Clone(s.places[e])
	for i, at := range list {
		list[i] = found
		list[i].Program, list[i].Func, list[i].Line = at.Program, at.Func, at.Line
	}
	if list == nil {
		return []Symbol{found}
	}
	return list
}

// placesOf returns the places that use each extern: nothing else is known of these symbols.
func placesOf(o *elfobj.Object) map[*elfobj.Extern][]Symbol {
	places := make(map[*elfobj.Extern][]Symbol)
	for _, p := range o.Programs {
		for _, f := range o.Link(p) {
			for _, r := range f.Func.Relocs {
				if r.Extern != nil {
					places[r.Extern] = append(places[r.Extern], Symbol{Program: p, Func: f.Func, Line: lineOf(f.Func, r.Insn)})
				}
			}
		}
	}
	return places
}

// targetOf returns what a program is attached to, if its section names something that the
// kernel's types have.
func targetOf(p *elfobj.Func) (q quest, ok bool) {
	section, ok := names.ParseSection(p.Section)
	if !ok || !section.Target || !section.Attaches || section.Rest == "" {
		return q, false // such as of freplace, which attaches to other programs
	}
	q.name, q.kind = section.Rest, btf.Func
	if module, name, found := strings.Cut(q.name, ":"); found {
		q.module, q.name = module, name
	}
	what, prefix := "function", ""
	switch section.Attach.String() {
	case "trace_raw_tp":
		what, prefix, q.kind = "tracepoint", "btf_trace_", btf.Typedef
	case "lsm_mac", "lsm_cgroup":
		what, prefix, q.own = "hook of security modules (LSM)", "bpf_lsm_", true
	case "trace_iter":
		what, prefix = "iterator", "bpf_iter_"
	}
	q.what = what + " " + short(q.name)
	q.name = prefix + q.name
	return q, true
}

// funcStruct looks for the struct of a map of struct_ops.
func (s *seeker) funcStruct(m *elfobj.Map) Symbol {
	found := Symbol{Kind: FuncStruct, Optional: strings.HasPrefix(m.Section, "?")}
	if t, err := s.object.BTF.Resolve(m.Type); err == nil {
		found.Name = essential(t.Name)
	}
	s.seek(quest{
		what: "struct of functions (struct_ops) " + short(found.Name), name: "bpf_struct_ops_" + found.Name, kind: btf.Struct,
	}, &found)
	return found
}

// agree reports whether a type of the object can stand for one of the kernel.
func (s *seeker) agree(x *index, local, target btf.ID) bool {
	m := &matcher{s.object.BTF, x.spec, maxSteps, &s.steps}
	a, b, err := m.resolve(local, target)
	if err != nil {
		return false
	}
	ok, err := m.agree(a.ID, b.ID, levels)
	return ok && err == nil
}

// seek looks for something in the kernel, and then in its modules.
func (s *seeker) seek(q quest, found *Symbol) {
	for _, x := range s.target.all() {
		if !q.mayBeOf(x) {
			continue
		}
		t, ok := x.exactly(q.name, q.kind)
		if !ok {
			continue
		}
		fits := q.fit == nil || q.fit(x, t)
		switch {
		case fits:
			found.Answer, found.Type, found.Module = verdict.Yes, t.ID, x.name
		case q.weak && q.kind == btf.Func: // it is as good as absent
			found.Answer = verdict.Yes
		default:
			found.Answer, found.Reason = verdict.No, &Reason{fmt.Sprintf("The object declares the %s otherwise than %s has it.", q.what, x.owner()),
				"Declare it as the kernel does. If kernels differ, declare each variant under a name of its own, such as NAME___other, and weak."}
		}
		return
	}
	if found.Answer = verdict.Yes; !q.weak {
		found.Answer, found.Reason = s.target.lacks(q)
	}
}

// ownModule is what the kernel itself is called where modules are named.
const ownModule = "vmlinux"

func (q *quest) mayBeOf(x *index) bool {
	return q.module == "" || q.module == x.name || q.module == ownModule && x.name == ""
}

// lacks says what is known of something that the types have not.
func (t *Target) lacks(q quest) (verdict.Answer, *Reason) {
	const old = "The kernel is too old or too new for it, or built without it."
	named := q.module != "" && q.module != ownModule
	switch {
	case named && slices.ContainsFunc(t.modules, q.mayBeOf):
		return verdict.No, &Reason{fmt.Sprintf("The module %s has no %s.", short(q.module), q.what), old}
	case named:
		return verdict.Unknown, &Reason{fmt.Sprintf("The %s is looked for in the module %s, whose types are not known here.", q.what, short(q.module)), ""}
	case !t.kernel.hasFuncs():
		return verdict.Unknown, &Reason{"The types of this kernel do not tell of any function, so that they are not all that it has.", "They were made by an old version of pahole, or reduced to what relocations need."}
	case q.own || q.module == ownModule:
		return verdict.No, &Reason{fmt.Sprintf("This kernel has no %s.", q.what), old}
	case t.whole:
		return verdict.No, &Reason{fmt.Sprintf("This kernel has no %s, and no module is there that could.", q.what), old}
	case len(t.modules) == 0:
		return verdict.Unknown, &Reason{fmt.Sprintf("This kernel has no %s, but a module may, and the types of its modules are not known here.", q.what), old}
	}
	return verdict.No, &Reason{fmt.Sprintf("Neither this kernel nor its modules here (%d) have the %s.", len(t.modules), q.what), old}
}
