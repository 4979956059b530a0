package denied_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// try has a confined process ask the kernel, with some variables set, and returns an answer for each.
func try(t *testing.T, c fixture.Confinement, delegated map[string]string, asks []string, env ...string) []answer {
	t.Helper()
	p := exec.Command("/proc/self/exe") // which needs no right to the folder where it is
	p.Env = append(os.Environ(), append(env, askVar+"="+strings.Join(asks, ";"))...)
	var out []byte
	var err error
	if delegated == nil {
		out, err = c.Output(p)
	} else {
		out, err = c.OutputDelegated(p, delegated)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var list []answer
	for line := range strings.Lines(string(out)) {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		list = append(list, a)
	}
	if len(list) != len(asks) {
		t.Fatalf("%d answers to %q", len(list), asks)
	}
	return list
}

// checkSays fails the test unless the kernel refused it and the sentence is as wanted: with all of
// some parts.
func (a answer) checkSays(t *testing.T, ask string, parts ...string) {
	t.Helper()
	if a.Done || a.Told != a.Error+": "+a.Evidence {
		t.Errorf("%s: done: %v, told: %q", ask, a.Done, a.Told)
	}
	for _, part := range parts {
		if !strings.Contains(a.Evidence, part) {
			t.Errorf("%s: %s: %s\nwant %q in it", ask, a.Error, a.Verdict, part)
		}
	}
}

// needed are requests, and the capabilities that they take where users without rights may do nothing.
var needed = []struct {
	ask  string
	caps string
}{
	{"map array", "BPF"},
	{"map hash", "BPF"},
	{"map hash zero_seed", "SYS_ADMIN BPF"},
	{"map lpm_trie", "BPF"},
	{"map devmap", "NET_ADMIN BPF"},
	{"map sockmap", "NET_ADMIN BPF"},
	{"prog socket_filter", "BPF"},
	{"prog sk_reuseport", "BPF"},
	{"prog xdp", "NET_ADMIN BPF"},
	{"prog sched_cls", "NET_ADMIN BPF"},
	{"prog cgroup_skb", "BPF"},
	{"prog kprobe", "PERFMON BPF"},
	{"prog tracepoint", "PERFMON BPF"},
	{"btf", "BPF"},
	{"id", "SYS_ADMIN"},
	{"helper tracepoint 35", "PERFMON BPF"}, // bpf_get_current_task
}

var numbers = map[string]uintptr{
	"NET_ADMIN": unix.CAP_NET_ADMIN, "SYS_ADMIN": unix.CAP_SYS_ADMIN, "PERFMON": unix.CAP_PERFMON, "BPF": unix.CAP_BPF,
}

// TestCapabilities takes every choice of four capabilities from root.
func TestCapabilities(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	if value, _ := os.ReadFile("/proc/sys/kernel/unprivileged_bpf_disabled"); strings.TrimSpace(string(value)) == "0" {
		t.Skip("users without rights may make maps here")
	}
	all := []string{"NET_ADMIN", "SYS_ADMIN", "PERFMON", "BPF"}
	asks := make([]string, len(needed))
	for i, n := range needed {
		asks[i] = n.ask
	}
	for choice := range 1 << len(all) {
		var without []uintptr
		var words []string
		for i, word := range all {
			if choice>>i&1 != 0 {
				without, words = append(without, numbers[word]), append(words, word)
			}
		}
		t.Run("without "+strings.Join(words, "+"), func(t *testing.T) {
			for i, a := range try(t, fixture.Confinement{Without: without}, nil, asks) {
				checkMissing(t, a, needed[i].ask, strings.Fields(needed[i].caps), words)
			}
		})
	}
}

// checkMissing compares with what is taken away of what is needed.
func checkMissing(t *testing.T, a answer, ask string, needed, without []string) {
	t.Helper()
	var want []string
	for _, c := range needed {
		strict := c == "NET_ADMIN" && strings.HasPrefix(ask, "map ") && !atLeast(t, "6.9")
		if slices.Contains(without, c) && (strict || slices.Contains(without, "SYS_ADMIN")) {
			want = append(want, "CAP_"+c)
		}
	}
	switch {
	case a.Done != (len(want) == 0), !slices.Equal(a.Missing, want):
		t.Errorf("%s: %v, missing %q, want %q: %s", ask, a.Error, a.Missing, want, a.Verdict)
	case len(want) > 0 && (a.Answer != verdict.Denied || !strings.HasPrefix(a.Evidence, strings.Join(want, " and ")+" ") || a.Hint == ""):
		t.Errorf("%s: %s; hint %q", ask, a.Verdict, a.Hint)
	}
}

// setting returns the value of kernel.unprivileged_bpf_disabled.
func setting(t *testing.T) string {
	t.Helper()
	value, err := os.ReadFile("/proc/sys/kernel/unprivileged_bpf_disabled")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(value))
}

// nobody is who has no rights.
const nobody = 65534

// A says is a request and what the sentence must have.
type says struct {
	ask   string
	parts []string
}

// check tries requests, confined, and compares.
func check(t *testing.T, c fixture.Confinement, delegated map[string]string, list []says, env ...string) {
	t.Helper()
	asks := make([]string, len(list))
	for i, s := range list {
		asks[i] = s.ask
	}
	for i, a := range try(t, c, delegated, asks, env...) {
		if len(list[i].parts) == 0 {
			if !a.Done {
				t.Errorf("%s: %s: %s", list[i].ask, a.Error, a.Verdict)
			}
			continue
		}
		a.checkSays(t, list[i].ask, list[i].parts...)
	}
}

// asNobody are requests of a user without capabilities.
func asNobody(value string) []says {
	free := []string{"CAP_BPF is missing: ", "as kernel.unprivileged_bpf_disabled is " + value, "(CapEff: 0000000000000000)"}
	list := []says{
		{"map hash", free},
		{"prog socket_filter", free},
		{"map lpm_trie", []string{"CAP_BPF is missing: maps of type lpm_trie need it (CapEff: 0000000000000000)"}},
		{"map sockmap", []string{"CAP_NET_ADMIN and CAP_BPF are missing: maps of type sockmap need them, the last as kernel.unprivileged_bpf_disabled is " + value}},
		{"prog xdp", []string{"CAP_NET_ADMIN and CAP_BPF are missing: programs of type xdp need them (CapEff: 0"}},
		{"prog kprobe", []string{"CAP_PERFMON and CAP_BPF are missing: programs of type kprobe need them (CapEff: 0"}},
		{"btf", []string{"CAP_BPF is missing: BTF objects need it (CapEff"}},
		{"perf", []string{"CAP_PERFMON is missing: perf events need it, as kernel.perf_event_paranoid is"}},
	}
	if value == "0" {
		list[0].parts, list[1].parts = nil, nil
		list[3].parts = []string{"CAP_NET_ADMIN is missing: maps of type sockmap need it (CapEff: 0"}
		list = append(list, says{"leak socket_filter", []string{"the kernel says: R0 leaks addr"}})
	}
	return list
}

func TestNobody(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	check(t, fixture.Confinement{User: nobody}, nil, asNobody(setting(t)))
}

func TestHelper(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	few := fixture.Confinement{Without: []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_PERFMON}}
	check(t, few, nil, []says{
		{"helper sched_cls 35", []string{"CAP_PERFMON is missing: without it the verifier does not know the helper bpf_get_current_task (CapEff: 0"}},
		{"leak sched_cls", []string{"the kernel says: R0 leaks addr"}},
	})
	check(t, fixture.Confinement{}, nil, []says{{"helper sched_cls 35", nil}, {"leak sched_cls", nil}})
}

func TestFilter(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	list := []says{
		{"map hash", []string{"seccomp forbids bpf(2): a filter answers the command map_create with '", "(Seccomp: 2)"}},
		{"prog xdp", []string{"seccomp forbids bpf(2): a filter answers the command prog_load with '"}},
		{"btf", []string{"seccomp forbids bpf(2): a filter answers the command btf_load with '"}},
	}
	for _, errno := range []unix.Errno{unix.EPERM, unix.ENOSYS, unix.EACCES, unix.EINVAL} {
		t.Run(unix.ErrnoName(errno), func(t *testing.T) {
			check(t, fixture.Confinement{Filter: errno}, nil, list)
		})
	}
	t.Run("of something else", func(t *testing.T) {
		c := fixture.Confinement{Filter: unix.EPERM, Filtered: unix.SYS_ACCT, Without: []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_BPF}}
		check(t, c, nil, []says{{"map hash", []string{"CAP_BPF is missing"}}})
	})
}

// TestTrampoline asks for what some kernels refuse to everybody.
func TestTrampoline(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	a := try(t, fixture.Confinement{}, nil, []string{"prog tracing/trace_fentry"})[0]
	if a.Done || a.Error != unix.EPERM.Error() && a.Error != "Operation not permitted" {
		t.Skipf("the kernel does it, or says %q", a.Error)
	}
	a.checkSays(t, "fentry", "the cause is not established: no capability that it takes is missing (CapEff: ", "the process is in the initial user namespace", "the verifier says nothing")
	if a.Answer != verdict.Denied {
		t.Error(a.Verdict)
	}
}

func TestNamespace(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	if setting(t) == "0" {
		t.Skip("users without rights may make maps here")
	}
	dir := t.TempDir()
	check(t, fixture.Confinement{Namespace: true}, nil, []says{
		{"map hash", []string{"the process is in a user namespace (user:[", "where capabilities do not count without a token: maps of type hash need CAP_BPF, as kernel.unprivileged_bpf_disabled is "}},
		{"prog xdp", []string{"the process is in a user namespace (user:[", "where capabilities do not count without a token: programs of type xdp need CAP_NET_ADMIN and CAP_BPF"}},
		{"btf", []string{"the process is in a user namespace (user:["}},
		{"id", []string{"the process is in a user namespace (user:[", "where capabilities do not count: objects found by ID need CAP_SYS_ADMIN"}},
	})
	if !atLeast(t, "6.9") {
		check(t, fixture.Confinement{Namespace: true}, nil, []says{{"token " + dir, []string{"tokens came with Linux 6.9, and this is "}}})
		return
	}
	check(t, fixture.Confinement{Namespace: true}, nil, []says{
		{"token " + dir, []string{"no BPF file system is mounted on " + dir}},
		{"token " + fixture.BPFFS(), []string{"the BPF file system on " + fixture.BPFFS() + " belongs to another user namespace"}},
	})
	check(t, fixture.Confinement{}, nil, []says{
		{"token " + fixture.BPFFS(), []string{"the process is in the initial user namespace"}},
	})
}

func TestToken(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	if setting(t) == "0" {
		t.Skip("users without rights may make maps here")
	}
	if !atLeast(t, "6.9") {
		t.Skip("there are no tokens before Linux 6.9")
	}
	dir := t.TempDir()
	mount, path := mountVar+"="+dir, "LIBBPF_BPF_TOKEN_PATH="+dir
	in := fixture.Confinement{Namespace: true}
	some := map[string]string{"delegate_cmds": "map_create:prog_load", "delegate_maps": "hash", "delegate_progs": "xdp:sched_cls", "delegate_attachs": "xdp"}
	t.Run("delegated", func(t *testing.T) {
		check(t, in, some, []says{
			{"map hash", nil},
			{"prog xdp/xdp", nil},
			{"map array", []string{"the token of " + dir + " does not allow it: the mount's option delegate_maps=hash lacks array"}},
			{"prog kprobe", []string{"the token of " + dir + " does not allow it: the mount's option delegate_progs=", "lacks kprobe"}},
			{"prog sched_cls", []string{"the token of " + dir + " does not allow it: the mount's option delegate_attachs=xdp lacks cgroup_inet_ingress"}},
			{"btf", []string{"the token of " + dir + " does not allow it: the mount's option delegate_cmds=map_create:prog_load lacks btf_load"}},
		}, mount, path)
	})
	t.Run("without a capability in the namespace", func(t *testing.T) {
		check(t, in, some, []says{
			{"prog xdp/xdp", []string{"CAP_NET_ADMIN is missing: programs of type xdp need it (CapEff: "}},
		}, mount, path, dropVar+"=NET_ADMIN SYS_ADMIN")
		check(t, in, some, []says{
			{"token " + dir, []string{"CAP_BPF is missing: tokens need it (CapEff: "}},
		}, mount, dropVar+"=BPF")
	})
	t.Run("where it usually is", func(t *testing.T) {
		if _, ok := os.LookupEnv("LIBBPF_BPF_TOKEN_PATH"); ok {
			t.Skip("LIBBPF_BPF_TOKEN_PATH is set")
		}
		check(t, in, some, []says{{"map hash", nil}, {"map array", []string{"the token of /sys/fs/bpf does not allow it"}}}, mountVar+"=/sys/fs/bpf")
	})
	t.Run("is not looked for", func(t *testing.T) {
		check(t, in, some, []says{{"map hash", []string{"where capabilities do not count without a token"}}}, mount)
	})
	t.Run("no token is wanted", func(t *testing.T) {
		check(t, in, some, []says{{"map hash", []string{"where capabilities do not count without a token"}}}, mount, "LIBBPF_BPF_TOKEN_PATH=")
	})
	t.Run("everything", func(t *testing.T) {
		everything := map[string]string{"delegate_cmds": "any", "delegate_maps": "any", "delegate_progs": "any", "delegate_attachs": "any"}
		check(t, in, everything, []says{{"map sockmap", nil}, {"prog kprobe", nil}, {"btf", nil}, {"helper tracepoint 35", nil}}, mount, path)
	})
	t.Run("nothing", func(t *testing.T) {
		check(t, in, map[string]string{"mode": "0700"}, []says{
			{"token " + dir, []string{"the BPF file system on " + dir + " delegates nothing"}},
		}, mount)
	})
}

// atLeast reports whether the running kernel is of a version or later.
func atLeast(t *testing.T, version string) bool {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	running, err := names.ParseVersion(string(text))
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := names.ParseVersion(version)
	if err != nil {
		t.Fatal(err)
	}
	return running.Compare(wanted) >= 0
}

// TestMemlock makes things where no memory may be locked, which matters before Linux 5.11 only.
func TestMemlock(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	const none = limitVar + "=yes"
	bound := fixture.Confinement{Without: []uintptr{unix.CAP_SYS_RESOURCE}}
	limit := []string{"the limit of locked memory is 0 bytes, against which Linux ", "(RLIMIT_MEMLOCK)"}
	if atLeast(t, "5.11") {
		limit = nil
	}
	check(t, bound, nil, []says{{"map hash", limit}, {"prog xdp", limit}, {"btf", nil}}, none)
	asks := []string{"map hash", "prog xdp", "btf"}
	for i, a := range try(t, fixture.Confinement{}, nil, asks, none) {
		if !a.Done || (a.Limit != 0) == atLeast(t, "5.11") {
			t.Errorf("%s: %s: %s; a limit of %d bytes", asks[i], a.Error, a.Verdict, a.Limit)
		}
	}
	check(t, bound, nil, []says{{"map hash", nil}, {"prog xdp", nil}}, limitVar+"=soft")
	// It is not raised where that is of no use.
	few := fixture.Confinement{Without: []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_BPF}}
	for _, a := range try(t, few, nil, asks[:2], none) {
		if a.Done || atLeast(t, "5.11") && a.Limit != 0 {
			t.Errorf("%s: %s; a limit of %d bytes", a.Error, a.Verdict, a.Limit)
		}
	}
}
