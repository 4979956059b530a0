package probe

import (
	"fmt"
	"slices"

	"github.com/gobpftool/gobpftool/internal/names"
)

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
