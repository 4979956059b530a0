package probe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/names"
)

// A Kfunc is a function of the kernel that programs call by its name.
type Kfunc struct {
	Name    string
	Module  string // that has it, or "" for the kernel itself
	ID      btf.ID // in the kernel's types, or in those of the module
	Callers []Caller
}

// A Caller is whether programs of a type may call a function. It is called with nothing in its arguments, so
// that there is an error though it may: only that the verifier looks at the arguments tells.
type Caller struct {
	Prog names.ProgType
	Outcome
}

// kfuncTag marks kernel functions in types, since Linux 6.9.
const kfuncTag = "bpf_kfunc"

// kfuncs returns the functions of some types that programs may call by name: those that are marked, or if none is,
// those that are known by their names.
func kfuncs(spec *btf.Spec, module string, known map[string]btf.ID) (list []Kfunc) {
	for id := spec.First(); id < spec.Len(); id++ {
		if spec.Kind(id) != btf.DeclTag {
			continue
		}
		if tag, _ := spec.Type(id); tag.Name == kfuncTag {
			f, _ := spec.Type(tag.Ref())
			list = append(list, Kfunc{Name: f.Name, Module: module, ID: f.ID})
		}
	}
	if list == nil {
		for name, id := range known {
			if !names.KfuncSince(name).IsZero() {
				list = append(list, Kfunc{Name: name, Module: module, ID: id})
			}
		}
	}
	slices.SortFunc(list, func(a, b Kfunc) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(list, func(a, b Kfunc) bool { return a.Name == b.Name })
}

// notCallable are what the verifier says of functions that programs of the type may not call, or not such as this
// one, and where no program may call any.
var notCallable = []string{
	"is not allowed", "reserved fields", "JIT is required", "JIT does not support", "cannot find address for kernel function",
	"is not a function", "is not a kernel function", "must be sleepable", "and sleepable progs", "kern ctx type",
}

// Programs that are bound to a device have functions of their own, which the kernel says before it looks whether
// programs of the type may call them.
const boundOnly = "require device-bound"

// errBound says why nothing is told about such a function: there may be no device for it.
var errBound = fmt.Errorf("%w: it is for programs that are bound to a device", ErrUntold)

// kfunc finds out whether a program in one of some slots may call a function. Programs that sleep may call no more than
// others, but for what the verifier says is for them. fds are such as the program refers to
// by index: the types of the module are the one with number 1.
func kfunc(places []*slot, f *Kfunc, fds []int32, log []byte) (o Outcome) {
	var index int16
	if fds != nil {
		index = 1
	}
	if o = overall(places); !o.Able {
		return o
	}
	o = Outcome{}
	insns := code(insn{Code: 0x85, Src: bytecode.CallKfunc, Off: index, Imm: int32(f.ID)}, exit)
	sleep := true // until it is known that it need not
	for _, place := range places {
		if !place.Able || place.sleeps() && !sleep {
			continue
		}
		for _, spec := range place.specs {
			spec.Insns, spec.FDs = insns, fds
			now := callable(&spec, log)
			if now.Able {
				return now
			}
			if o.Said == "" {
				o, sleep = now, false
			}
			sleep = sleep || strings.Contains(now.Said, "sleepable")
		}
	}
	return o
}

func callable(spec *bpf.ProgSpec, log []byte) Outcome {
	o := Outcome{Err: tried(spec, log)}
	if o.Err == nil {
		o.Able = true
		return o
	}
	o.Said = lastLine(log)
	if strings.Contains(o.Said, boundOnly) {
		if t := names.ProgType(spec.Type).String(); t == "xdp" || t == "sched_cls" {
			o.Err = errBound
		}
		return o
	}
	o.Able = o.Said != "" && !slices.ContainsFunc(notCallable, func(words string) bool { return strings.Contains(o.Said, words) })
	return o
}

// callJobs returns jobs about functions of the kernel. The modules belong to the caller.
func (q *question) callJobs() (modules []module, jobs []job) {
	q.more.Kfuncs = q.kernel.kfuncs
	if !q.Unprivileged {
		modules = openModules(q.kernel.Spec)
	}
	fds := make([][]int32, len(q.more.Kfuncs), len(q.more.Kfuncs)+len(modules))
	for _, m := range modules {
		for _, f := range m.kfuncs {
			q.more.Kfuncs = append(q.more.Kfuncs, f)
			fds = append(fds, []int32{0, int32(m.fd)})
		}
	}
	for n := range q.more.Kfuncs {
		f := &q.more.Kfuncs[n]
		f.Callers = make([]Caller, len(names.ProgTypes())-1)
		for i := range f.Callers {
			c := &f.Callers[i]
			c.Prog = names.ProgType(i + 1)
			places := q.places(c.Prog)
			if c.Prog.String() == "ext" {
				c.Err = errReplaced
				continue
			}
			jobs = append(jobs, func(log []byte) { c.Outcome = kfunc(places, f, fds[n], log) })
		}
	}
	return modules, jobs
}
