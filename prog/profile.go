package prog

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/profile"
	"github.com/gobpftool/gobpftool/internal/render"
)

// profileProg answers "prog profile PROG [duration SECONDS] METRIC...".
func profileProg(ctx context.Context, c *call.Call) error { return profileBy(ctx, c, metrics) }

// profileBy answers it with the metrics of a table.
func profileBy(ctx context.Context, c *call.Call, table []metric) error {
	if err := c.Args.Need(3); err != nil {
		return err
	}
	program, err := pick.Prog(c.Args)
	if err != nil {
		err = c.Out.Fail(err)
		c.Talk.Warn("Error: failed to parse fd") // which says nothing more, but bpftool says it
		return err
	}
	defer program.Close()
	r, err := readProfile(c.Args, table)
	if err != nil {
		return err
	}
	totals, err := r.gather(ctx, c.Talk, program)
	if err != nil {
		return advised(err)
	}
	return c.Out.One(describeProfile(r.metrics, totals))
}

// A profileRequest is the words behind the program.
type profileRequest struct {
	duration time.Duration // 0 unless limited
	limited  bool
	metrics  []metric
}

// readProfile reads for how long the program is looked at, and the metrics: each counts once, and their order is that of the
// table.
func readProfile(a *args.Args, table []metric) (*profileRequest, error) {
	r := &profileRequest{}
	if r.limited = a.Len() > 2 && a.Is("duration"); r.limited {
		seconds, err := a.Uint32("duration")
		if err != nil {
			return nil, err
		}
		r.duration = time.Duration(seconds) * time.Second
	}
	selected := make(map[string]bool)
	for a.Len() > 0 {
		name, ok := readMetric(a, table)
		if !ok {
			return nil, args.Errorf("unknown metric %s", a.Peek())
		}
		selected[name] = true
	}
	if n := len(selected); n > profile.MaxEvents {
		return nil, args.Errorf("too many (%d) metrics, please specify no more than %d metrics at a time", n, profile.MaxEvents)
	}
	for _, m := range table {
		if selected[m.Name] {
			r.metrics = append(r.metrics, m)
		}
	}
	return r, nil
}

// readMetric reads the name of the first metric that the next word abbreviates.
func readMetric(a *args.Args, table []metric) (name string, ok bool) {
	for _, m := range table {
		if a.Is(m.Name) {
			return m.Name, true
		}
	}
	return "", false
}

// gather counts until the time is up, or a signal asks to stop.
func (r *profileRequest) gather(ctx context.Context, talk *render.Talk, program bpf.FD) (*profile.Totals, error) {
	ctx, stop := interruptible(ctx)
	defer stop()
	var events []profile.Event
	for _, m := range r.metrics {
		events = append(events, m.Event)
	}
	p, err := profile.Attach(ctx, program, events, func(cpu int, e profile.Event) {
		talk.Warn("cpu %d may be offline, skip %s profiling.", cpu, e.Name)
	})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	r.wait(ctx, talk)
	return p.Stop()
}

// wait lets the time pass, and shows how it does.
func (r *profileRequest) wait(ctx context.Context, talk *render.Talk) {
	if r.limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.duration)
		defer cancel()
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	defer talk.Done()
	for start := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			talk.Progress("%s", r.progress(now.Sub(start)))
		}
	}
}

// progress says how far it has come.
func (r *profileRequest) progress(passed time.Duration) string {
	const rounded = time.Second
	if r.limited {
		return fmt.Sprintf("profiling for %d of %d seconds", passed.Round(rounded)/rounded, r.duration/rounded)
	}
	return fmt.Sprintf("profiling for %d seconds, until interrupted", passed.Round(rounded)/rounded)
}

// advised adds to an error what may be done about it.
func advised(err error) error {
	var e *profile.EventError
	switch {
	case !errors.As(err, &e):
		return err
	case e.Missing():
		return render.Hinted{Err: err, Hint: "nothing here counts such events: most virtual machines have no counters of the processor"}
	case errors.Is(e, unix.EACCES), errors.Is(e, unix.EPERM):
		return render.Hinted{Err: err, Hint: "to count on whole processors needs CAP_PERFMON, or less in the sysctl kernel.perf_event_paranoid"}
	}
	return err
}

// describeProfile makes readings of what was counted of each metric.
func describeProfile(list []metric, t *profile.Totals) profileFact {
	f := make(profileFact, len(list))
	for i, r := range t.Readings {
		f[i] = reading{Metric: list[i].Name, Runs: t.Runs, Value: r.Count, Enabled: r.Enabled, Running: r.Running, per: list[i].per}
		if p := f[i].per; p != nil {
			f[i].divisor = f.value(p.metric)
		}
	}
	return f
}

// A profileFact is what was counted while a program ran, by metric.
type profileFact []reading

// A reading is the sum of a metric over all runs.
type reading struct {
	Metric  string `json:"metric"`
	Runs    uint64 `json:"run_cnt"` // that were looked at: the same for all metrics
	Value   uint64 `json:"value"`   // as it was counted
	Enabled uint64 `json:"enabled"` // nanoseconds for which it was to be counted
	Running uint64 `json:"running"` // nanoseconds for which it was

	per     *ratio // nil without one
	divisor uint64 // value of the metric that the ratio is to, or 0
}

// value returns that of a metric, or 0 if it was not counted.
func (f profileFact) value(metric string) uint64 {
	for _, r := range f {
		if r.Metric == metric {
			return r.Value
		}
	}
	return 0
}

// Plain implements [render.Fact].
func (f profileFact) Plain(w *bufio.Writer) {
	if len(f) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%18d %-20s\n", f[0].Runs, "run_cnt")
	for _, r := range f {
		fmt.Fprintf(w, "%18d %-20s", r.Value, r.Metric)
		if r.divisor > 0 {
			fmt.Fprintf(w, "# %8.2f %-30s", float64(r.Value)*r.per.times/float64(r.divisor), r.per.label)
		} else {
			w.WriteString(strings.Repeat(" ", 41))
		}
		if r.Enabled > r.Running { // there were not enough counters
			fmt.Fprintf(w, "(%4.2f%%)", float64(r.Running)*100/float64(r.Enabled))
		}
		w.WriteByte('\n')
	}
}
