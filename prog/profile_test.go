package prog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/profile"
	"github.com/gobpftool/gobpftool/internal/render"
)

// TestReadProfile reads words behind the program.
func TestReadProfile(t *testing.T) {
	tests := []struct {
		words    string
		metrics  string
		duration time.Duration // -1 if it is not limited
		err      string
	}{
		{words: "cycles", metrics: "cycles", duration: -1},
		{words: "c", metrics: "cycles", duration: -1},
		{words: "i", metrics: "instructions", duration: -1}, // not itlb_misses, which stands behind it
		{words: "it l1 ll", metrics: "l1d_loads llc_misses itlb_misses", duration: -1},
		{words: "l", metrics: "l1d_loads", duration: -1},
		{words: "dtlb dtlb_misses", metrics: "dtlb_misses", duration: -1},
		{words: "dtlb_misses instructions cycles", metrics: "cycles instructions dtlb_misses", duration: -1},
		{words: "cycles instructions l1d_loads llc_misses cycles ins", metrics: "cycles instructions l1d_loads llc_misses", duration: -1},
		{words: "duration 10 cycles", metrics: "cycles", duration: 10 * time.Second},
		{words: "dur 0x10 cycles i", metrics: "cycles instructions", duration: 16 * time.Second},
		{words: "d 3 cycles", metrics: "cycles", duration: 3 * time.Second}, // not dtlb_misses
		{words: "d dtlb cycles", err: "can't parse dtlb as duration"},
		{words: "duration 0 cycles", metrics: "cycles", duration: 0},
		{words: "duration 4294967295 cycles", metrics: "cycles", duration: 4294967295 * time.Second},
		{words: "duration 4294967296 cycles", err: "can't parse 4294967296 as duration"},
		{words: "duration -1 cycles", err: "can't parse -1 as duration"},
		{words: "duration 1s cycles", err: "can't parse 1s as duration"},
		{words: "duration 10", err: "unknown metric duration"}, // too few words to be one
		{words: "cycles duration 10", err: "unknown metric duration"},
		{words: "d 10", err: "unknown metric 10"},
		{words: "cycles misses", err: "unknown metric misses"},
		{words: "cyclesx", err: "unknown metric cyclesx"},
		{words: "run_cnt", err: "unknown metric run_cnt"},
		{
			words: "cycles instructions l1d_loads llc_misses itlb_misses",
			err:   "too many (5) metrics, please specify no more than 4 metrics at a time",
		},
		{
			words: "cycles instructions l1d_loads llc_misses itlb_misses dtlb_misses c",
			err:   "too many (6) metrics, please specify no more than 4 metrics at a time",
		},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			r, err := readProfile(args.New("1", strings.Fields(tt.words)), metrics)
			if tt.err != "" {
				if err == nil || err.Error() != tt.err || !errors.As(err, new(*args.Error)) {
					t.Errorf("error %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, m := range r.metrics {
				names = append(names, m.Name)
			}
			if got := strings.Join(names, " "); got != tt.metrics {
				t.Errorf("metrics %s, want %s", got, tt.metrics)
			}
			if !r.limited {
				r.duration = -1
			}
			if r.duration != tt.duration {
				t.Errorf("duration %v, want %v", r.duration, tt.duration)
			}
		})
	}
}

// TestMetrics compares what is counted with include/uapi/linux/perf_event.h. Whether the counters of a processor count it is not
// tested: the machines at hand have none.
func TestMetrics(t *testing.T) {
	want := []metric{
		{profile.Event{Name: "cycles", Counter: bpf.Counter{Source: 0, Config: 0}}, nil},
		{profile.Event{Name: "instructions", Counter: bpf.Counter{Source: 0, Config: 1}}, &ratio{"cycles", 1, "insns per cycle"}},
		{profile.Event{Name: "l1d_loads", Counter: bpf.Counter{Source: 3, Config: 0}}, nil},
		{profile.Event{Name: "llc_misses", Counter: bpf.Counter{Source: 3, Config: 0x10002}}, &ratio{"instructions", 1e6, "LLC misses per million insns"}},
		{profile.Event{Name: "itlb_misses", Counter: bpf.Counter{Source: 3, Config: 0x10004}}, &ratio{"instructions", 1e6, "itlb misses per million insns"}},
		{profile.Event{Name: "dtlb_misses", Counter: bpf.Counter{Source: 3, Config: 0x10003}}, &ratio{"instructions", 1e6, "dtlb misses per million insns"}},
	}
	if diff := cmp.Diff(want, metrics, cmp.AllowUnexported(metric{}, ratio{})); diff != "" {
		t.Errorf("metrics mismatch (-want +got):\n%s", diff)
	}
}

// selected returns metrics by their names.
func selected(names string) (list []metric) {
	for _, m := range metrics {
		if slices.Contains(strings.Fields(names), m.Name) {
			list = append(list, m)
		}
	}
	return list
}

// TestProfileFaces prints sums as bpftool does.
func TestProfileFaces(t *testing.T) {
	const huge = 1<<64 - 1
	tests := []struct {
		name, metrics string
		totals        profile.Totals
		plain, json   string
	}{
		{
			name: "sharing counters", metrics: "cycles instructions",
			totals: profile.Totals{Runs: 51397, Readings: []profile.Reading{
				{Count: 40176203, Enabled: 10000, Running: 8305}, {Count: 42518139, Enabled: 10000, Running: 8339},
			}},
			plain: "\n" +
				"             51397 run_cnt             \n" +
				"          40176203 cycles                                                       (83.05%)\n" +
				"          42518139 instructions        #     1.06 insns per cycle               (83.39%)\n",
			json: `[{"metric":"cycles","run_cnt":51397,"value":40176203,"enabled":10000,"running":8305},` +
				`{"metric":"instructions","run_cnt":51397,"value":42518139,"enabled":10000,"running":8339}]` + "\n",
		},
		{
			name: "never ran", metrics: "cycles instructions",
			totals: profile.Totals{Readings: make([]profile.Reading, 2)},
			plain: "\n" +
				"                 0 run_cnt             \n" +
				"                 0 cycles                                                       \n" +
				"                 0 instructions                                                 \n",
			json: `[{"metric":"cycles","run_cnt":0,"value":0,"enabled":0,"running":0},` +
				`{"metric":"instructions","run_cnt":0,"value":0,"enabled":0,"running":0}]` + "\n",
		},
		{
			name: "nothing to relate it to", metrics: "instructions",
			totals: profile.Totals{Runs: 1, Readings: []profile.Reading{{Count: 7, Enabled: 5, Running: 5}}},
			plain: "\n" +
				"                 1 run_cnt             \n" +
				"                 7 instructions                                                 \n",
			json: `[{"metric":"instructions","run_cnt":1,"value":7,"enabled":5,"running":5}]` + "\n",
		},
		{
			name: "per million", metrics: "instructions llc_misses itlb_misses dtlb_misses",
			totals: profile.Totals{Runs: 3, Readings: []profile.Reading{
				{Count: 3_000_000, Enabled: 9, Running: 9}, {Count: 1, Enabled: 9, Running: 9},
				{Count: 6_000_000, Enabled: 9, Running: 9}, {Count: 0, Enabled: 9, Running: 0},
			}},
			plain: "\n" +
				"                 3 run_cnt             \n" +
				"           3000000 instructions                                                 \n" +
				"                 1 llc_misses          #     0.33 LLC misses per million insns  \n" +
				"           6000000 itlb_misses         # 2000000.00 itlb misses per million insns \n" +
				"                 0 dtlb_misses         #     0.00 dtlb misses per million insns (0.00%)\n",
			json: `[{"metric":"instructions","run_cnt":3,"value":3000000,"enabled":9,"running":9},` +
				`{"metric":"llc_misses","run_cnt":3,"value":1,"enabled":9,"running":9},` +
				`{"metric":"itlb_misses","run_cnt":3,"value":6000000,"enabled":9,"running":9},` +
				`{"metric":"dtlb_misses","run_cnt":3,"value":0,"enabled":9,"running":0}]` + "\n",
		},
		{
			name: "cycles alone are no divisor of misses", metrics: "cycles l1d_loads dtlb_misses",
			totals: profile.Totals{Runs: huge, Readings: []profile.Reading{{Count: huge}, {Count: 2, Enabled: 1}, {Count: 3}}},
			plain: "\n" +
				"18446744073709551615 run_cnt             \n" +
				"18446744073709551615 cycles                                                       \n" +
				"                 2 l1d_loads                                                    (0.00%)\n" +
				"                 3 dtlb_misses                                                  \n",
			json: `[{"metric":"cycles","run_cnt":18446744073709551615,"value":18446744073709551615,"enabled":0,"running":0},` +
				`{"metric":"l1d_loads","run_cnt":18446744073709551615,"value":2,"enabled":1,"running":0},` +
				`{"metric":"dtlb_misses","run_cnt":18446744073709551615,"value":3,"enabled":0,"running":0}]` + "\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fact := describeProfile(selected(tt.metrics), &tt.totals)
			for f, want := range map[render.Format]string{render.Plain: tt.plain, render.JSON: tt.json} {
				var out bytes.Buffer
				p := render.New(&out, render.NewTalk(&out, true), f)
				if err := p.One(fact); err != nil {
					t.Fatal(err)
				}
				p.Close()
				if diff := cmp.Diff(want, out.String()); diff != "" {
					t.Errorf("mismatch (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// A said is what "prog profile" printed, as a command that fails.
type said struct{ out, errs string }

// runProfile runs it in a format.
func runProfile(t *testing.T, f render.Format, table []metric, words string) (said, error) {
	t.Helper()
	var out, errs bytes.Buffer
	talk := render.NewTalk(&errs, f != render.Plain)
	c := &call.Call{Args: args.New("profile", strings.Fields(words)), Out: render.New(&out, talk, f), Talk: talk}
	err := profileBy(t.Context(), c, table)
	if err != nil && !errors.As(err, new(render.Reported)) {
		c.Out.Fail(err)
	}
	talk.Hint(err)
	c.Out.Close()
	return said{out.String(), errs.String()}, err
}

// TestProfileHints gives advice about counters that there are not, or not for everybody.
func TestProfileHints(t *testing.T) {
	tests := []struct {
		err  error
		want string // in the hint; empty without one
	}{
		{bpf.Errno(unix.ENOENT), "most virtual machines"},
		{bpf.Errno(unix.EOPNOTSUPP), "most virtual machines"},
		{bpf.Errno(unix.EACCES), "perf_event_paranoid"},
		{bpf.Errno(unix.EPERM), "CAP_PERFMON"},
		{bpf.Errno(unix.EMFILE), ""},
	}
	for _, tt := range tests {
		err := advised(fmt.Errorf("wrapped: %w", &profile.EventError{Event: metrics[1].Event, CPU: 3, Err: tt.err}))
		var h render.Hinted
		if errors.As(err, &h) != (tt.want != "") || !strings.Contains(h.Hint, tt.want) {
			t.Errorf("%v: hint %q, want %q", tt.err, h.Hint, tt.want)
		}
		if want := fmt.Sprintf("wrapped: failed to create event instructions on cpu 3: %v", tt.err); err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if err := errors.New("something else"); advised(err) != err {
		t.Errorf("%v has become %v", err, advised(err))
	}
}

// TestProfileProgress tells how long it has taken.
func TestProfileProgress(t *testing.T) {
	limited := profileRequest{limited: true, duration: 10 * time.Second}
	if got, want := limited.progress(2999*time.Millisecond), "profiling for 3 of 10 seconds"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	var endless profileRequest
	if got, want := endless.progress(61*time.Second), "profiling for 61 seconds, until interrupted"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// TestProfileWait shows on a terminal how the time passes, in a line that goes again, and nothing anywhere else.
func TestProfileWait(t *testing.T) {
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer person.Close()
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	terminal, err := os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer terminal.Close()
	var elsewhere bytes.Buffer
	r := profileRequest{limited: true, duration: 1500 * time.Millisecond}
	start := time.Now()
	r.wait(t.Context(), render.NewTalk(&elsewhere, false))
	if passed := time.Since(start); passed < r.duration || elsewhere.Len() > 0 {
		t.Errorf("it took %v, want %v; it said %q", passed, r.duration, elsewhere.String())
	}
	r.wait(t.Context(), render.NewTalk(terminal, false))
	terminal.Close() // so that reading ends
	text, _ := io.ReadAll(person)
	if said, want := string(text), "profiling for 1 of 1 seconds\r\x1b[K"; said != want {
		t.Errorf("it said %q, want %q", said, want)
	}
}

// clocks are metrics that there are on all machines, with the ratios of others.
var clocks = []metric{
	{event("cpu_clock", bpf.Counter{Source: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_CPU_CLOCK}), nil},
	{event("task_clock", bpf.Counter{Source: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_TASK_CLOCK}), &ratio{"cpu_clock", 1, "tasks per clock"}},
}

// runOften runs a program until ended is closed.
func runOften(t *testing.T, id uint32, ended <-chan struct{}) {
	fd, err := bpf.Open(bpf.Prog, id)
	if err != nil {
		t.Error(err)
		return
	}
	defer fd.Close()
	for {
		select {
		case <-ended:
			return
		case <-time.After(time.Millisecond):
			if _, err := bpf.RunProg(fd, &bpf.RunSpec{Data: make([]byte, 64), Repeat: 10}); err != nil {
				t.Error(err)
				return
			}
		}
	}
}

// TestProfile profiles a program for some time, as the command does.
func TestProfile(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	o := fixture.Prog(t, "xdp.long_name")
	ended := make(chan struct{})
	defer close(ended)
	go runOften(t, o.ID, ended)
	start := time.Now()
	got, err := runProfile(t, render.Plain, clocks, fmt.Sprintf("id %d duration 1 task cpu", o.ID))
	if passed := time.Since(start); passed < time.Second {
		t.Errorf("it took %v", passed)
	}
	want := regexp.MustCompile(`^\n +[1-9][0-9]+ run_cnt             \n` +
		` +[1-9][0-9]+ cpu_clock           ` + strings.Repeat(" ", 41) + `\n` +
		` +[1-9][0-9]+ task_clock          # +[0-9]+\.[0-9]{2} tasks per clock               \n$`)
	if err != nil || !want.MatchString(got.out) || got.errs != "" {
		t.Errorf("%v: it said %q and %q", err, got.out, got.errs)
	}
	got, err = runProfile(t, render.JSON, clocks, fmt.Sprintf("id %d duration 0 task", o.ID))
	if want := regexp.MustCompile(`^\[\{"metric":"task_clock","run_cnt":\d+,"value":\d+,"enabled":\d+,"running":\d+\}\]\n$`); err != nil || !want.MatchString(got.out) {
		t.Errorf("%v: it said %q and %q", err, got.out, got.errs)
	}
}

// TestProfileSignals ends it by each of the signals that do.
func TestProfileSignals(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	o := fixture.Prog(t, "xdp.long_name")
	for _, sig := range []unix.Signal{unix.SIGINT, unix.SIGHUP, unix.SIGTERM} {
		start := time.Now()
		late := make(chan os.Signal, 1)
		signal.Notify(late, sig) // so that none ends the tests
		awaitProgram(t, "profile_leave", false)
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			awaitProgram(t, "profile_leave", true) // the last thing that is loaded
			unix.Kill(os.Getpid(), sig)
		}()
		got, err := runProfile(t, render.Plain, clocks, fmt.Sprintf("id %d duration 60 cpu_clock", o.ID))
		<-sent
		signal.Stop(late)
		if err != nil || !strings.Contains(got.out, " 0 run_cnt ") {
			t.Errorf("%v: %v, it said %q and %q", sig, err, got.out, got.errs)
		}
		if passed := time.Since(start); passed > 30*time.Second {
			t.Errorf("%v: it took %v", sig, passed)
		}
	}
}

// awaitProgram waits until there is a program with a name, or none.
func awaitProgram(t *testing.T, name string, want bool) {
	for range 1000 {
		if hasProgram(name) == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("is there a program %s: not %t", name, want)
}

func hasProgram(name string) bool {
	for id, err := range bpf.IDs(bpf.Prog) {
		if err != nil {
			return false
		}
		fd, err := bpf.Open(bpf.Prog, id)
		if err != nil { // it has just gone
			continue
		}
		info, err := bpf.ReadProgInfo(fd)
		fd.Close()
		if err == nil && info.Name() == name {
			return true
		}
	}
	return false
}

// TestProfileCycles asks for metrics that no guest has.
func TestProfileCycles(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Trampoline)
	o := fixture.Prog(t, "xdp.long_name")
	for _, m := range metrics {
		if fd, err := bpf.OpenCounter(m.Counter, 0); err == nil {
			fd.Close()
			continue // a machine with such counters
		}
		want := regexp.MustCompile("^Error: failed to create event " + m.Name + " on cpu 0: [A-Z][^\n]*\nhint: nothing here counts such events: [^\n]*\n$")
		got, err := runProfile(t, render.Plain, metrics, fmt.Sprintf("id %d %s", o.ID, m.Name))
		if err == nil || !want.MatchString(got.errs) || got.out != "" {
			t.Errorf("%v: it said %q and %q", err, got.out, got.errs)
		}
		got, err = runProfile(t, render.JSON, metrics, fmt.Sprintf("id %d duration 1 %s", o.ID, m.Name))
		if err == nil || !strings.HasPrefix(got.out, `{"error":"failed to create event `+m.Name+` on cpu 0: `) || got.errs != "" {
			t.Errorf("%v: it said %q and %q", err, got.out, got.errs)
		}
	}
}
