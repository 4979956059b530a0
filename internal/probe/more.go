package probe

import (
	"context"
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// More is what there is that bpftool does not ask about.
type More struct {
	Helpers     []Prog // that programs may call whose types [Ask] cannot tell of, in order of the types
	AttachTypes []Attach
	LinkTypes   []Link
	MapFlags    []MapFlag // in order of their bits
	Batches     []Batch   // in order of the types of maps
	Kinds       []Kind
	Kfuncs      []Kfunc // by name, those of modules last

	ProgFlags    []Feature
	Instructions []Feature
	Codes        []Feature // what programs may have: functions, loops
	Targets      []Feature // what the kernel's types have of iterators and of structs of functions, by name

	Token Outcome // BPF_TOKEN_CREATE
}

// A question is what is asked at once.
type question struct {
	Scope
	kernel *kernelTypes
	slots  []slot
	more   More
}

// AskMore asks about what [Ask] does not, but not about devices. types are those of the kernel: where they are nil,
// nothing is known of what is attached to something that they name.
//
// The error is that of the context, or that rights cannot be given up.
func AskMore(ctx context.Context, s Scope, types *btf.Spec) (*More, error) {
	q := &question{Scope: s, kernel: readTypes(types)}
	q.slots = slots(q.kernel)
	var jobs []job
	for i := range q.slots {
		jobs = append(jobs, q.slots[i].try)
	}
	if err := s.run(ctx, jobs); err != nil {
		return nil, err
	}
	jobs = append(q.ways(), q.parts()...)
	if !s.Brief {
		jobs = append(jobs, q.helperJobs()...)
		modules, calls := q.callJobs()
		for _, m := range modules {
			defer m.fd.Close()
		}
		jobs = append(jobs, calls...)
	}
	if err := s.run(ctx, jobs); err != nil {
		return nil, err
	}
	return &q.more, nil
}

// ways returns jobs about how programs are attached, and what they may be attached to.
func (q *question) ways() (jobs []job) {
	m := &q.more
	m.AttachTypes, m.LinkTypes, m.ProgFlags, m.Targets = attachTypes(), linkTypes(), programFlags(), q.kernel.targets()
	for i := range m.AttachTypes {
		a := &m.AttachTypes[i]
		jobs = append(jobs, func([]byte) { a.Outcome = q.attachType(a) })
	}
	for i := range m.LinkTypes {
		l := &m.LinkTypes[i]
		jobs = append(jobs, func([]byte) { l.Outcome = q.link(l.Type.String()) })
	}
	for i := range m.ProgFlags {
		f := &m.ProgFlags[i]
		jobs = append(jobs, func(log []byte) { f.Outcome = q.programFlag(f.Name, log) })
	}
	for i := range m.Targets {
		t := &m.Targets[i]
		jobs = append(jobs, func(log []byte) { t.Outcome = q.target(t.Name, log) })
	}
	return jobs
}

// parts returns jobs about maps, types and instructions.
func (q *question) parts() (jobs []job) {
	m := &q.more
	m.MapFlags, m.Batches, m.Kinds, m.Instructions, m.Codes = mapFlags(), batches(), kinds(), features(instructions), features(codes)
	for i, f := range names.MapFlags(1<<len(m.MapFlags) - 1) {
		jobs = append(jobs, func([]byte) { m.MapFlags[i].Outcome = q.mapFlag(&m.MapFlags[i], f.Bit) })
	}
	for i := 0; i < len(m.Batches); i += len(batchOps) {
		list := m.Batches[i:][:len(batchOps)]
		jobs = append(jobs, func([]byte) { q.batch(list) })
	}
	for i := range m.Kinds {
		k := &m.Kinds[i]
		jobs = append(jobs, func(log []byte) { k.Outcome = kind(btf.Kind(k.Number), log) })
	}
	for i, c := range instructions {
		jobs = append(jobs, func(log []byte) { m.Instructions[i].Outcome = q.runs(c, log) })
	}
	for i, c := range codes {
		jobs = append(jobs, func(log []byte) { m.Codes[i].Outcome = q.runs(c, log) })
	}
	return append(jobs, func([]byte) { m.Token = token() })
}

// helperJobs returns jobs about the helpers of programs that are attached to what the kernel's types name.
func (q *question) helperJobs() (jobs []job) {
	for i := range names.ProgTypes() {
		t := names.ProgType(i)
		if i == 0 || !untold(t) {
			continue
		}
		places := q.places(t)
		p := Prog{Type: t, Helpers: q.helpers()}
		p.Outcome = overall(places)
		for j := range p.Helpers {
			h := &p.Helpers[j]
			switch {
			case t.String() == "ext":
				h.Err = errReplaced
			case !p.Able:
				h.Outcome = p.Outcome
			default:
				jobs = append(jobs, func(log []byte) { h.Outcome = helperIn(places, h.Number, log) })
			}
		}
		q.more.Helpers = append(q.more.Helpers, p)
	}
	return jobs
}

// errReplaced says why nothing is told about what programs of type ext may call.
var errReplaced = fmt.Errorf("%w: it may call what the program may whose function it replaces", ErrUntold)

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

// places returns the slots for programs of a type.
func (q *question) places(t names.ProgType) (list []*slot) {
	for i := range q.slots {
		if q.slots[i].typ == t {
			list = append(list, &q.slots[i])
		}
	}
	return list
}

// place returns the first slot with an attach type, and section that with a name, where programs of ours can be: there is
// such a slot.
func (q *question) place(attach string) *slot {
	return q.find(func(s *slot) bool { return s.attach == attach })
}

func (q *question) section(name string) *slot {
	return q.find(func(s *slot) bool { return s.name == name })
}

func (q *question) find(is func(*slot) bool) *slot {
	for i := range q.slots {
		if is(&q.slots[i]) {
			return &q.slots[i]
		}
	}
	return &slot{Outcome: Outcome{Err: ErrUntold}}
}

// overall is whether any slot takes programs.
func overall(places []*slot) Outcome {
	o := Outcome{Err: ErrUntold}
	for i, s := range places {
		if s.Able {
			return s.Outcome
		}
		if i == 0 {
			o = s.Outcome
		}
	}
	return o
}

// helperIn finds out whether programs in one of some slots may call a helper.
func helperIn(places []*slot, number int32, log []byte) (o Outcome) {
	insns := code(call(number), exit)
	for _, s := range places {
		if !s.Able {
			continue
		}
		spec := s.specs[0]
		spec.Insns = insns
		now := helperOutcome(tried(&spec, log), log)
		if now.Able {
			return now
		}
		if o.Said == "" {
			o = now
		}
	}
	return o
}

// helperOutcome is [Scope.helper] for a program that the kernel looks at: otherwise it is not able.
func helperOutcome(err error, log []byte) Outcome {
	o := Outcome{Able: err == nil, Err: err}
	if err == nil {
		return o
	}
	for _, refusal := range append(slices.Clip(refusals), narrower...) {
		if o.Said = line(log, refusal); o.Said != "" {
			return o
		}
	}
	o.Said = lastLine(log)
	o.Able = o.Said != ""
	return o
}

// narrower are what the verifier says of helpers that are not for all programs of a type: not for those that cannot
// sleep, or that are elsewhere.
var narrower = []string{"in non-sleepable prog", "in a non-sleepable prog", "helper call is not allowed in probe", "supported only for ", "not supported for program type "}
