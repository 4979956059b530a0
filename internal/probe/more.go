package probe

import (
	"context"

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
	for i := range m.MapFlags {
		f := &m.MapFlags[i]
		jobs = append(jobs, func([]byte) { f.Outcome = q.mapFlag(f) })
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
