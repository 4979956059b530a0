package audit

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// find returns the finding of a rule.
func find(t *testing.T, s *State, id string) Finding {
	t.Helper()
	for _, f := range Judge(s) {
		if f.ID == id {
			return f
		}
	}
	t.Fatalf("no finding %s", id)
	return Finding{}
}

// TestRules makes sure that rules say all that there is to say, and that their names are of one kind.
func TestRules(t *testing.T) {
	seen := make(map[string]bool)
	name := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	for _, r := range Rules() {
		if seen[r.ID] || !name.MatchString(r.ID) {
			t.Errorf("%q is the name of two rules, or is not in kebab case", r.ID)
		}
		seen[r.ID] = true
		table := r.Group == "config" || r.Group == features
		if r.Group == "" || r.About == "" || r.Why == "" || r.Mend == "" || (r.When == "") != table {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
}

// TestIDs compares with the names that findings ever had: those who use them rely on that.
func TestIDs(t *testing.T) {
	var got []string
	for _, r := range Rules() {
		got = append(got, r.ID)
	}
	slices.Sort(got)
	const path = "testdata/ids.txt"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range strings.Fields(string(text)) {
		if !slices.Contains(got, id) {
			t.Errorf("%s was the name of a finding, and is not any more: so the form changes", id)
		}
	}
	if diff := cmp.Diff(strings.Fields(string(text)), got); diff != "" {
		t.Errorf("%s (-has +want): new names are to be added\n%s", path, diff)
	}
}

// callerOf returns a state of a process.
func callerOf(release, effective string, last uint8) *State {
	return &State{
		Kernel: Text{Source{From: osrelease}, release},
		Caller: Caller{Source: Source{From: procSelf}, UID: 1000, Effective: effective, Bounding: "000001ffffffffff", Last: last},
	}
}

func TestCaller(t *testing.T) {
	const (
		all   = "000001ffffffffff"
		none  = "0000000000000000"
		admin = "0000000000200000"
	)
	for _, tt := range []struct {
		name    string
		s       *State
		id      string
		level   Level
		what    string // parts of it
		mending string
	}{
		{"all", callerOf("6.18", all, 40), "cap-bpf", Pass, "has CAP_BPF", ""},
		{"none", callerOf("6.18", none, 40), "cap-perfmon", Warn, "lacks CAP_PERFMON", "setcap cap_perfmon=ep FILE"},
		{"as good", callerOf("6.18", admin, 40), "cap-bpf", Pass, "CAP_SYS_ADMIN, which is as good as CAP_BPF", ""},
		{"as good for the network", callerOf("6.9", admin, 40), "cap-net-admin", Pass, "as good as CAP_NET_ADMIN", ""},
		{"not as good for the network", callerOf("6.8.1", admin, 40), "cap-net-admin", Warn, "before Linux 6.9", "setcap cap_net_admin=ep FILE"},
		{"before CAP_BPF", callerOf("5.4", admin, 37), "cap-bpf", Pass, "CAP_SYS_ADMIN, in the place of which CAP_BPF came with Linux 5.8", ""},
		{"before CAP_BPF, without", callerOf("5.4", none, 37), "cap-bpf", Warn, "lacks CAP_SYS_ADMIN", "setcap cap_sys_admin=ep FILE"},
		{"a broken state", callerOf("5.4", "?", 37), "cap-bpf", Unknown, "not known whether this process has CAP_BPF", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := find(t, tt.s, tt.id)
			if f.Level != tt.level || !strings.Contains(f.What, tt.what) || !strings.Contains(f.Mend, tt.mending) {
				t.Errorf("%+v", f)
			}
		})
	}
	away := callerOf("6.18", none, 40)
	away.Caller.Bounding = admin
	if f := find(t, away, "cap-bpf"); !strings.Contains(f.Mend, "the process cannot get CAP_BPF") {
		t.Errorf("%+v", f)
	}
}

func TestMemlock(t *testing.T) {
	limit := uint64(65536)
	for _, tt := range []struct {
		name string
		m    Memlock
		caps string
		want Level
	}{
		{"not counted", Memlock{Limit: &limit}, "0", Pass},
		{"no limit", Memlock{Counts: true}, "0", Pass},
		{"a limit", Memlock{Counts: true, Limit: &limit}, "0", Warn},
		{"a limit that can be raised", Memlock{Counts: true, Limit: &limit}, "1000000", Pass},
		{"unknown", Memlock{Source: Source{From: "x", Unread: "y"}}, "0", Unknown},
	} {
		s := callerOf("5.10", tt.caps, 40)
		s.Memlock = tt.m
		if f := find(t, s, "memlock"); f.Level != tt.want {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}

// TestOldOptions makes sure that a kernel is not blamed for what came later.
func TestOldOptions(t *testing.T) {
	s := callerOf("5.10.0-46", "0", 40)
	s.Config = Config{Source{From: "/boot/config"}, chosen(nil)}
	for id, want := range map[string]Level{
		"config-debug-info-btf-modules": Note, "config-fprobe": Note, "config-debug-info-btf": Warn, "config-bpf-syscall": Fail, "config-xdp-sockets": Note,
	} {
		if f := find(t, s, id); f.Level != want {
			t.Errorf("%+v, want %s", f, want)
		}
	}
	s.Kernel = Text{Source: Source{From: osrelease, Unread: "gone"}}
	if f := find(t, s, "config-fprobe"); f.Level != Warn {
		t.Errorf("without a version: %+v", f)
	}
	s.Config.Options = nil
	if f := find(t, s, "config-fprobe"); f.Level != Unknown || !strings.Contains(f.Evidence, notRecorded) {
		t.Errorf("without a record: %+v", f)
	}
}

// TestFeatures judges each feature by every answer, on kernels before and after it came.
func TestFeatures(t *testing.T) {
	for _, q := range Questions() {
		if q.Since.IsZero() || q.Source == "" || q.Title == "" || q.Name == "" {
			t.Errorf("%+v", q)
		}
		for _, tt := range []struct {
			release string
			answer  verdict.Answer
			want    Level
			what    string
		}{
			{"3.18", verdict.Yes, Pass, "it was brought to this kernel"}, {"3.18", verdict.No, Note, "it came with Linux " + q.Since.String()},
			{"9.0", verdict.Yes, Pass, "there"}, {"9.0", verdict.No, Warn, "though Linux has it since " + q.Since.String()},
			{"3.18", verdict.Denied, Unknown, "denied"}, {"9.0", verdict.Unknown, Unknown, "not known"}, {"", verdict.No, Warn, "which version this is cannot be read"},
		} {
			s := callerOf(tt.release, "0", 40)
			s.Features = []Feature{q.answered(verdict.Verdict{Answer: tt.answer, Evidence: "it was tried"})}
			if f := find(t, s, q.Finding()); f.Level != tt.want || !strings.Contains(f.What, tt.what) || f.Evidence != "it was tried" {
				t.Errorf("%s on %s: %+v", tt.answer, tt.release, f)
			}
		}
	}
	s := callerOf("6.18", "0", 40)
	for _, f := range Judge(s) {
		if f.Group == features {
			t.Errorf("the kernel was not asked, but %+v", f)
		}
	}
	s.Features = []Feature{}
	if f := find(t, s, "feature-xdp"); f.Level != Unknown {
		t.Errorf("%+v", f)
	}
}

// TestAnswer asks a survey: of functions, whether programs of any type may call them.
func TestAnswer(t *testing.T) {
	yes, no := verdict.Verdict{Answer: verdict.Yes, Evidence: "done"}, verdict.Verdict{Answer: verdict.No, Evidence: "refused"}
	found := &survey.Survey{Rows: []survey.Row{
		{Kind: survey.ProgType, Name: "xdp", Answer: verdict.Yes, Calls: yes},
		{Kind: survey.ProgType, Name: "lsm", Answer: verdict.Denied, Calls: verdict.Verdict{Answer: verdict.Denied, Evidence: "EPERM"}},
		{Kind: survey.Helper, Name: "bpf_loop", For: "kprobe", Answer: verdict.No, Calls: no},
		{Kind: survey.Helper, Name: "bpf_loop", For: "xdp", Answer: verdict.Yes, Calls: yes},
		{Kind: survey.Helper, Name: "bpf_loop", For: "lsm", Answer: verdict.No, Calls: no},
		{Kind: survey.Helper, Name: "bpf_timer_init", For: "xdp", Answer: verdict.No, Calls: no},
	}}
	var s State
	s.Answer(found)
	want := map[string]verdict.Answer{"xdp": verdict.Yes, "lsm": verdict.Denied, "loop": verdict.Yes, "timers": verdict.No}
	for _, f := range s.Features {
		if f.Answer != want[f.ID] || f.Evidence == "" {
			t.Errorf("%+v, want %s", f, want[f.ID])
		}
	}
	if len(s.Features) != len(Questions()) {
		t.Errorf("%d features", len(s.Features))
	}
}

// TestSince compares with versions that everybody knows, and makes sure that each question has a word that
// other commands know.
func TestSince(t *testing.T) {
	want := map[string]string{
		"kprobe": "4.1", "tracepoint": "4.7", "xdp": "4.8", "bpf-to-bpf": "4.16", "btf": "4.18", "loops": "5.3", "fentry": "5.5", "fexit": "5.5", "lsm": "5.7",
		"ringbuf": "5.8", "bloom-filter": "5.16", "loop": "5.17", "user-ringbuf": "6.1", "sched-ext": "6.12", "fsession": "7.0", "rhash": "7.2",
	}
	seen := 0
	for _, q := range Questions() {
		if v, ok := want[q.ID]; ok {
			seen++
			if q.Since.String() != v {
				t.Errorf("%s: %s, want %s", q.ID, q.Since, v)
			}
		}
		known := true
		switch q.Kind {
		case needs.ProgType:
			known = slices.Contains(names.ProgTypes(), q.Name)
		case needs.MapType:
			known = slices.Contains(names.MapTypes(), q.Name)
		case needs.AttachType:
			known = slices.Contains(names.AttachTypes(), q.Name)
		case needs.Helper:
			known = slices.Contains(names.Helpers(), q.Name)
		}
		if !known {
			t.Errorf("%s: no %s is called %s", q.ID, q.Kind, q.Name)
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d features", seen, len(want))
	}
}

// TestBetter has what the exit status tells.
func TestBetter(t *testing.T) {
	for _, tt := range []struct {
		levels []Level
		than   Level
		want   verdict.Answer
	}{
		{nil, Warn, verdict.Yes},
		{[]Level{Pass, Note}, Warn, verdict.Yes},
		{[]Level{Pass, Warn}, Warn, verdict.No},
		{[]Level{Pass, Warn}, Fail, verdict.Yes},
		{[]Level{Warn, Unknown}, Fail, verdict.Unknown},
		{[]Level{Unknown, Fail}, Fail, verdict.No},
		{[]Level{Fail}, Warn, verdict.No},
	} {
		var r Report
		for _, l := range tt.levels {
			r.Findings = append(r.Findings, Finding{Level: l})
		}
		if got := r.Better(tt.than); got != tt.want {
			t.Errorf("%v better than %s: %s, want %s", tt.levels, tt.than, got, tt.want)
		}
	}
}

// TestSaved reads back what is saved.
func TestSaved(t *testing.T) {
	s := Read()
	s.Memlock.Limit = nil
	s.Features = []Feature{Questions()[0].answered(verdict.Verdict{Answer: verdict.Denied, Evidence: "EPERM"})}
	r := NewReport(s)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again Report
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, &again); diff != "" {
		t.Errorf("-saved +read:\n%s", diff)
	}
	if diff := cmp.Diff(r.Findings, Judge(again.State)); diff != "" {
		t.Errorf("judged again:\n%s", diff)
	}
	if err := json.Unmarshal([]byte(`"bad"`), new(Level)); err == nil {
		t.Error("bad is a level")
	}
}
