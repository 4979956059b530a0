package cmd_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// A whyRow is what "feature probe why" says of something.
type whyRow struct {
	kind     survey.Kind
	name, of string
	want     verdict.Answer
	evidence string // a part of it
}

// takeSurvey runs "feature probe why", confined.
func takeSurvey(t *testing.T, confined fixture.Confinement, words ...string) *survey.Survey {
	t.Helper()
	out, err := confined.Output(tool(append([]string{"-j", "feature", "probe", "why"}, words...)...))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := new(survey.Survey)
	if err := json.Unmarshal(out, s); err != nil {
		t.Fatalf("%v\n%.1000s", err, out)
	}
	return s
}

func checkRows(t *testing.T, s *survey.Survey, list []whyRow) {
	t.Helper()
	for _, want := range list {
		r, ok := s.Find(want.kind, want.name, want.of)
		if !ok || r.Answer != want.want || !strings.Contains(r.Verdict().Evidence, want.evidence) {
			t.Errorf("%s %s %s: %v, want %v (%q)", want.kind, want.name, want.of, r.Verdict(), want.want, want.evidence)
		}
	}
}

// TestWhyDenied asks with less and less rights. What the kernel's types say stays the same.
func TestWhyDenied(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	const (
		prog   = survey.Kind("program type")
		maps   = survey.Kind("map type")
		helper = survey.Kind("helper")
	)
	tests := []struct {
		name     string
		confined fixture.Confinement
		rows     []whyRow
	}{
		{"all of root", fixture.Confinement{}, []whyRow{
			{prog, "xdp", "", verdict.Yes, "a program was loaded"},
			{maps, "hash", "", verdict.Yes, "a map was made"},
			{helper, "bpf_probe_read_kernel", "kprobe", verdict.Yes, ""},
			{helper, "bpf_redirect", "kprobe", verdict.No, "the verifier says"},
		}},
		{"no CAP_BPF", fixture.Confinement{Without: []uintptr{capBPF, capSysAdmin}}, []whyRow{
			{prog, "xdp", "", verdict.Denied, "CAP_BPF is missing"},
			{maps, "lpm_trie", "", verdict.Denied, "CAP_BPF is missing"},
		}},
		{"no CAP_NET_ADMIN", fixture.Confinement{Without: []uintptr{capNetAdmin, capSysAdmin}}, []whyRow{
			{prog, "xdp", "", verdict.Denied, "CAP_NET_ADMIN is missing"},
			{prog, "kprobe", "", verdict.Yes, ""},
			{maps, "devmap", "", verdict.Denied, "CAP_NET_ADMIN is missing"},
			{"link type", "cgroup", "", verdict.Denied, "CAP_NET_ADMIN is missing: programs of type cgroup_sock need it"},
			{"link type", "xdp", "", verdict.Denied, "CAP_NET_ADMIN is missing: programs of type xdp need it"},
			{"attach type", "cgroup_inet_ingress", "", verdict.Denied, "CAP_NET_ADMIN is missing: questions for what is attached need it"},
			{"instruction", "may_goto", "", verdict.Denied, "CAP_NET_ADMIN is missing: programs of type sched_cls need it"},
			{"code", "loops", "", verdict.Denied, "CAP_NET_ADMIN is missing: programs of type sched_cls need it"},
			{"program flag", "xdp_has_frags", "", verdict.Denied, "CAP_NET_ADMIN is missing: programs of type xdp need it"},
			{maps, "hash", "", verdict.Yes, ""},
		}},
		{"no CAP_PERFMON", fixture.Confinement{Without: []uintptr{capPerfmon, capSysAdmin}}, []whyRow{
			{prog, "kprobe", "", verdict.Denied, "CAP_PERFMON is missing"},
			{prog, "xdp", "", verdict.Yes, ""},
			{helper, "bpf_probe_read_kernel", "xdp", verdict.Denied, "CAP_PERFMON is missing"},
		}},
		{"no CAP_SYS_ADMIN", fixture.Confinement{Without: []uintptr{capSysAdmin}}, []whyRow{
			{prog, "xdp", "", verdict.Yes, ""},
			{prog, "kprobe", "", verdict.Yes, ""},
			{"map flag", "zero_seed", "", verdict.Denied, "CAP_SYS_ADMIN is missing"},
		}},
		{"nobody", fixture.Confinement{User: 65534}, []whyRow{
			{"target", "iter/bpf_map", "", verdict.Denied, "CAP_PERFMON and CAP_BPF are missing: programs of type tracing need them"},
			{"target", "tcp_congestion_ops", "", verdict.Denied, "CAP_BPF is missing: maps of type struct_ops need it"},
			{"program flag", "sleepable syscall", "", verdict.Denied, "CAP_BPF is missing: programs of type syscall need it"},
			{"link type", "iter", "", verdict.Denied, "CAP_PERFMON and CAP_BPF are missing: programs of type tracing need them"},
			{"link type", "raw_tracepoint", "", verdict.Denied, "programs of type raw_tracepoint need them"},
			{"link type", "struct_ops", "", verdict.Denied, "maps of type struct_ops need it"},
			{prog, "kprobe", "", verdict.Denied, "CAP_PERFMON"},
			{maps, "lpm_trie", "", verdict.Denied, "CAP_BPF is missing"},
		}},
		{"seccomp", fixture.Confinement{Filter: unix.EPERM}, []whyRow{
			{prog, "xdp", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{maps, "hash", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{helper, "bpf_redirect", "xdp", verdict.Denied, "seccomp forbids bpf(2)"},
			{"system call", "bpf", "", verdict.Denied, "seccomp forbids bpf(2)"},
		}},
		{"a filter with another error", fixture.Confinement{Filter: unix.EACCES}, []whyRow{
			{"system call", "bpf", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{prog, "xdp", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{maps, "hash", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{"attach type", "cgroup_inet_ingress", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{"link type", "xdp", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{"map flag", "path_fd", "", verdict.Denied, "seccomp forbids bpf(2)"},
		}},
		{"a filter that says there is no such call", fixture.Confinement{Filter: unix.ENOSYS}, []whyRow{
			{"system call", "bpf", "", verdict.Denied, "seccomp forbids bpf(2)"},
			{prog, "xdp", "", verdict.Denied, "seccomp forbids bpf(2)"},
		}},
		{"a user namespace", fixture.Confinement{Namespace: true}, []whyRow{
			{prog, "xdp", "", verdict.Denied, "user namespace"},
			{maps, "lpm_trie", "", verdict.Denied, "user namespace"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := takeSurvey(t, tt.confined)
			checkRows(t, s, tt.rows)
			if _, err := os.Stat("/sys/kernel/btf/vmlinux"); err != nil {
				return
			}
			r, _ := s.Find(prog, "xdp", "")
			if r.Types.Answer != verdict.Yes {
				t.Errorf("by the kernel's types xdp is %v", r.Types)
			}
		})
	}
	t.Run("all of root is not enough", func(t *testing.T) {
		if fixture.Has(t, fixture.Trampoline) {
			t.Skip("the kernel refuses nothing")
		}
		checkRows(t, takeSurvey(t, fixture.Confinement{}), []whyRow{
			{"attach type", "trace_fentry", "", verdict.Denied, "the cause is not established: no capability that it takes is missing"},
		})
	})
	t.Run("unprivileged", func(t *testing.T) {
		s := takeSurvey(t, fixture.Confinement{}, "unprivileged")
		checkRows(t, s, []whyRow{{prog, "kprobe", "", verdict.Denied, "CAP_PERFMON"}, {maps, "lpm_trie", "", verdict.Denied, "CAP_BPF is missing"}})
		if !s.Unprivileged {
			t.Error("it does not say that it was asked without capabilities")
		}
	})
}
