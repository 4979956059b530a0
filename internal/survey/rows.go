package survey

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// rows describes the answers.
func (a *answers) rows(m *model) []Row {
	j := judge{a.standing}
	rows := []Row{
		row(SystemCall, "bpf", "", j.syscall(a.found.Syscall), m.command(int64(bpf.ProgLoad))),
		row(Types, KernelTypes, "", j.types(a.id, a.noID), m.there()),
	}
	for _, c := range []needs.Capability{needs.NetAdmin, needs.SysAdmin, needs.SysBoot, needs.Syslog, needs.Perfmon, needs.BPF} {
		rows = append(rows, row(Capability, c.String(), "", j.capability(c), unknown("")))
	}
	rows = append(rows,
		row(Security, lsmActive, "", j.lsm(), m.lsm()),
		row(Security, readsKernel, "", j.lockdown(a.kprobeHelper("bpf_probe_read_kernel"), "confidentiality"), unknown("")),
		row(Security, writesUser, "", j.lockdown(a.kprobeHelper("bpf_probe_write_user"), "integrity", "confidentiality"), unknown("")),
		row(Security, tokens, "", j.of(a.more.Token, denied.Token(""), "one was made"), m.command(int64(bpf.TokenCreate))),
	)
	rows = append(rows, a.programs(m, j)...)
	rows = append(rows, a.maps(m, j)...)
	rows = append(rows, a.instructions(j)...)
	rows = append(rows, a.helpers(m, j)...)
	return append(rows, a.kfuncs(m, j)...)
}

// programs describes what programs there may be, and how they are attached.
func (a *answers) programs(m *model, j judge) (rows []Row) {
	for _, p := range a.found.Progs {
		rows = append(rows, row(ProgType, p.Type.String(), "", j.of(a.progType(p), denied.Prog(p.Type, 0), "a program was loaded"), m.progType(p.Type)))
	}
	for _, t := range a.more.AttachTypes {
		rows = append(rows, row(AttachType, t.Type.String(), "", j.of(t.Outcome, toAttach(&t), "a program was loaded for it"), m.attachType(t.Type)))
	}
	for _, f := range a.more.ProgFlags {
		rows = append(rows, row(ProgFlag, f.Name, "", j.of(f.Outcome, toTry(f.Prog, f.Attach), "a program was loaded"), unknown("")))
	}
	tried := make(map[string]bool)
	for _, t := range a.more.Targets {
		tried[t.Name] = true
		rows = append(rows, row(Target, t.Name, "", j.of(t.Outcome, toTry(t.Prog, t.Attach), "it was taken"), m.target(t.Name)))
	}
	for _, name := range names.Targets() {
		if !tried[name] {
			rows = append(rows, row(Target, name, "", unknown(""), m.target(name)))
		}
	}
	for _, l := range a.more.LinkTypes {
		rows = append(rows, row(LinkType, l.Type.String(), "", j.of(l.Outcome, toTry(l.Prog, l.Attach), "a link was made"), m.linkType(l.Type)))
	}
	return rows
}

// toAttach is what the kernel was asked for to find out about a way to attach.
func toAttach(a *probe.Attach) denied.Request {
	if a.Queried {
		return denied.Query()
	}
	return denied.Prog(a.Prog, a.Type)
}

// toTry is what the kernel was asked for with programs of a type, or if that is 0 with a map of functions.
func toTry(t names.ProgType, attach names.AttachType) denied.Request {
	if t == 0 {
		structOps, _ := names.ParseMapType("struct_ops")
		return denied.Map(structOps, 0)
	}
	return denied.Prog(t, attach)
}

// progType returns how it ended to ask for a type of programs. Where [probe.Ask] tries only one way to attach them, any
// other one will do.
func (a *answers) progType(p probe.Prog) probe.Outcome {
	for _, more := range a.more.Helpers {
		if more.Type == p.Type && more.Able {
			return more.Outcome
		}
	}
	return p.Outcome
}

// maps describes what maps and types of data there may be.
func (a *answers) maps(m *model, j judge) (rows []Row) {
	for _, t := range a.found.Maps {
		rows = append(rows, row(MapType, t.Type.String(), "", j.of(t.Outcome, denied.Map(t.Type, 0), "a map was made"), m.mapType(t.Type)))
	}
	for _, f := range a.more.MapFlags {
		rows = append(rows, row(MapFlag, f.Name, "", j.of(f.Outcome, denied.Map(f.Map, f.Bit), fmt.Sprintf("a map of type %s was made", f.Map)), m.mapFlag(f.Name)))
	}
	for _, b := range a.more.Batches {
		rows = append(rows, row(Batch, b.Op, b.Map.String(), j.of(b.Outcome, denied.Map(b.Map, 0), "it was done"), m.batch(b.Op)))
	}
	for _, k := range a.more.Kinds {
		rows = append(rows, row(BTFKind, k.Name, "", j.of(k.Outcome, denied.Types(), "a type was loaded"), m.kind(k.Name)))
	}
	return rows
}

// instructions describes what programs may be made of.
func (a *answers) instructions(j judge) (rows []Row) {
	const done = "a program was loaded"
	for _, l := range a.found.Abilities {
		rows = append(rows, row(Limit, l.Name, "", j.of(l.Outcome, denied.Prog(socketFilter, 0), done), unknown("")))
	}
	for _, c := range a.more.Codes {
		rows = append(rows, row(Code, c.Name, "", j.of(c.Outcome, toTry(c.Prog, c.Attach), done), unknown("")))
	}
	for _, i := range a.more.Instructions {
		rows = append(rows, row(Instruction, i.Name, "", j.of(i.Outcome, toTry(i.Prog, i.Attach), done), unknown("")))
	}
	return rows
}

// helpers describes which helpers programs of each type may call, and before that which there are at all.
func (a *answers) helpers(m *model, j judge) []Row {
	attached := make(map[names.ProgType][]probe.Helper)
	for _, p := range a.more.Helpers {
		attached[p.Type] = p.Helpers
	}
	var each []Row
	of := make(map[string][]Row)
	add := func(rows ...Row) {
		for _, r := range rows {
			each, of[r.Name] = append(each, r), append(of[r.Name], r)
		}
	}
	for _, p := range a.found.Progs {
		list := p.Helpers
		if more, ok := attached[p.Type]; ok {
			list = more
		}
		for _, h := range list {
			add(row(Helper, h.Name, p.Type.String(), j.helper(p.Type, h.Outcome), m.helperFor(p.Type, h.Number)))
		}
		add(m.unasked(p.Type, list, j)...)
	}
	var all []Row
	for i, name := range names.Helpers() {
		if i > 0 {
			all = append(all, row(Helper, name, "", callable(of[name]), m.helper(int32(i), name)))
		}
	}
	return append(all, each...)
}

// kfuncs describes the kernel's functions that programs may call: for each whether there is one, and programs of which types may.
func (a *answers) kfuncs(m *model, j judge) (rows []Row) {
	asked := make(map[string]bool)
	for _, f := range a.more.Kfuncs {
		asked[f.Name] = true
		var of []Row
		for _, c := range f.Callers {
			of = append(of, row(Kfunc, f.Name, c.Prog.String(), j.of(c.Outcome, denied.Prog(c.Prog, 0), "a program that calls it was loaded"), m.kfuncFor(&f)))
		}
		rows = append(append(rows, row(Kfunc, f.Name, "", callable(of), m.kfunc(f.Name, f.Module))), of...)
	}
	for _, name := range names.Kfuncs() {
		if !asked[name] {
			rows = append(rows, row(Kfunc, name, "", unknown(""), m.kfunc(name, "")))
		}
	}
	return rows
}

// alike are helpers that are not asked for, as the kernel would note that they are used, and one that it lets the same
// programs call.
//
// Source: bpf_base_func_proto in kernel/bpf/helpers.c and bpf_tracing_func_proto in kernel/trace/bpf_trace.c of Linux, from
// 5.8 on, which have them side by side.
var alike = map[string]string{"bpf_trace_printk": "bpf_probe_read_user", "bpf_trace_vprintk": "bpf_probe_read_user"}

// unasked describes helpers that were not asked for by those that were.
func (m *model) unasked(t names.ProgType, asked []probe.Helper, j judge) (rows []Row) {
	if j.Kernel.Compare(names.Version{Major: 5, Minor: 8}) < 0 {
		return nil
	}
	byName := make(map[string]probe.Helper)
	for _, h := range asked {
		byName[h.Name] = h
	}
	for i, name := range names.Helpers() {
		other, ok := byName[alike[name]]
		if _, asked := byName[name]; asked || !ok {
			continue
		}
		v := j.helper(t, other.Outcome)
		v.Evidence = fmt.Sprintf("it was not asked for, as the kernel would note that; of %s, which it lets the same programs call: %s", other.Name, v.Evidence)
		if known := m.enumerated("bpf_func_id", int64(i)); v.Answer == verdict.Yes && known.Answer != verdict.Yes && j.Kernel.Compare(names.HelperSince(int32(i))) < 0 {
			v = known
		}
		rows = append(rows, row(Helper, name, t.String(), v, m.helperFor(t, int32(i))))
	}
	return rows
}

// callable tells by the rows of a function, one for each type, whether programs of any may call it.
func callable(rows []Row) verdict.Verdict {
	var answers []verdict.Answer
	for _, r := range rows {
		if r.Calls.Answer == verdict.Yes {
			return yes("programs of type %s may call it: %s", r.For, r.Calls.Evidence)
		}
		answers = append(answers, r.Calls.Answer)
	}
	switch {
	case answers == nil:
		return unknown("")
	case slices.Contains(answers, verdict.Denied):
		return verdict.Verdict{Answer: verdict.Denied, Evidence: "programs of some types may be able to call it, but these were denied"}
	case slices.Contains(answers, verdict.Unknown):
		return unknown("there are types of which it cannot be told")
	}
	return no("programs of no type may call it")
}

// kprobeHelper returns how it ended to ask for a helper of programs of type kprobe, or nil if it was not asked.
func (a *answers) kprobeHelper(name string) *probe.Outcome {
	for _, p := range a.found.Progs {
		if p.Type.String() != "kprobe" {
			continue
		}
		for i := range p.Helpers {
			if p.Helpers[i].Name == name {
				return &p.Helpers[i].Outcome
			}
		}
	}
	return nil
}

const socketFilter = names.ProgType(1)
