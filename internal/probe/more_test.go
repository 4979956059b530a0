package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// TestNames compares what is asked about with the names of what objects need, of which none is left out.
func TestNames(t *testing.T) {
	want := known()
	for _, f := range append(features(instructions), features(codes)...) {
		if want["instruction "+f.Name].IsZero() && want["code "+f.Name].IsZero() {
			t.Errorf("no object needs %q", f.Name)
		}
		delete(want, "instruction "+f.Name)
		delete(want, "code "+f.Name)
	}
	for what := range want {
		if strings.HasPrefix(what, "instruction ") || strings.HasPrefix(what, "code ") {
			t.Errorf("%s is not asked about", what)
		}
	}
	for i, c := range instructions {
		if c.code == nil {
			continue
		}
		f := &elfobj.Func{Name: "f", Section: "tc", Code: code(c.code...)}
		for _, n := range needs.Of(&elfobj.Object{Order: binary.NativeEndian, Programs: []*elfobj.Func{f}}).List {
			if n.Kind == needs.Instruction && n.Name != instructions[i].name && !strings.Contains(n.Name, "jmp32") { // by which others are gone over
				t.Errorf("%s has %s as well", c.name, n.Name)
			}
		}
	}
}

// TestMore asks this kernel, and compares with the versions that are known to have brought what it has, and with what
// can really be done.
func TestMore(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	kernel, running := kernelBTF(t), version(t)
	before, start := kernelLog(t), time.Now()
	m, err := AskMore(t.Context(), Scope{}, kernel)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("Linux %s, %d functions for programs: %v", running, len(m.Kfuncs), time.Since(start))
	if noise := after(t, before); noise != "" {
		t.Errorf("the kernel writes to its log:\n%s", noise)
	}
	if held := descriptors(t); len(held) > 0 {
		t.Errorf("%q are still there", held)
	}
	t.Run("Since", func(t *testing.T) { checkSince(t, m, running) })
	t.Run("Helpers", func(t *testing.T) { checkHelpers(t, m, running) })
	t.Run("Kfuncs", func(t *testing.T) { checkKfuncs(t, m, running) })
	t.Run("Batches", func(t *testing.T) { checkBatches(t, m) })
	t.Run("Calls", func(t *testing.T) { checkCalls(t, m) })
	t.Run("Links", func(t *testing.T) { checkLinks(t, m) })
}

// checkHelpers makes sure that what some programs surely may call is found, and nothing before it was there.
func checkHelpers(t *testing.T, m *More, running names.Version) {
	words := []string{}
	for _, p := range m.Helpers {
		words = append(words, p.Type.String())
		for _, h := range p.Helpers {
			if since := names.HelperSince(h.Number); h.Able && since.Compare(running) > 0 {
				t.Errorf("%s may call %s, of Linux %s", p.Type, h.Name, since)
			}
			if h.Able && (p.Type.String() == "ext" || h.Err != nil && h.Said == "" && errors.Is(h.Err, unix.EPERM)) {
				t.Errorf("%s may call %s: %+v", p.Type, h.Name, h.Outcome)
			}
			if p.Able && !h.Able && h.Said == "" && p.Type.String() != "ext" {
				t.Errorf("%s may not call %s, and nothing says why: %+v", p.Type, h.Name, h.Outcome)
			}
		}
	}
	if want := []string{"tracing", "struct_ops", "ext", "lsm"}; !slices.Equal(words, want) {
		t.Errorf("helpers of %q, want %q", words, want)
	}
	for _, tt := range []struct {
		prog, helper string
		able         bool
	}{
		{"tracing", "bpf_map_lookup_elem", true}, {"tracing", "bpf_seq_printf", true}, {"tracing", "bpf_skb_output", true},
		{"tracing", "bpf_redirect", false}, {"tracing", "bpf_probe_read_kernel", true}, {"struct_ops", "bpf_tcp_send_ack", true},
		{"struct_ops", "bpf_override_return", false}, {"lsm", "bpf_bprm_opts_set", running.Compare(names.Version{Major: 5, Minor: 11}) >= 0}, {"lsm", "bpf_inode_storage_get", true},
	} {
		for _, p := range m.Helpers {
			if p.Type.String() == tt.prog && p.Able {
				if h := helper(t, p, tt.helper); h.Able != tt.able {
					t.Errorf("%s may call %s: %+v", tt.prog, tt.helper, h.Outcome)
				}
			}
		}
	}
}

// kernelLog returns what the kernel of a guest has written so far: that of others is about many things.
func kernelLog(t *testing.T) string {
	t.Helper()
	if os.Getenv(guestVar) == "" {
		return ""
	}
	const readAll = 3
	log := make([]byte, 1<<20)
	n, err := unix.Klogctl(readAll, log)
	if err != nil {
		t.Fatal(err)
	}
	return string(log[:n])
}

// after returns what the kernel has written after the last line of before.
func after(t *testing.T, before string) string {
	lines := strings.Split(strings.TrimSpace(before), "\n")
	_, noise, _ := strings.Cut(kernelLog(t), lines[len(lines)-1])
	return strings.TrimSpace(noise)
}

// uncallable are functions that are marked as such for programs, of which none may call them.
var uncallable = []string{
	"bpf_fentry_test1", "bpf_modify_return_test", // to be attached to
	"bpf_qdisc_init_prologue", "bpf_qdisc_reset_destroy_epilogue", // which the verifier puts into programs
	"bpf_xdp_metadata_rx_hash", "bpf_xdp_metadata_rx_timestamp", "bpf_xdp_metadata_rx_vlan_tag", // by those for a device
}

// checkKfuncs compares functions with what is known of them, and looks whether somebody may call each.
func checkKfuncs(t *testing.T, m *More, running names.Version) {
	for _, f := range m.Kfuncs {
		since := names.KfuncSince(f.Name)
		var may []string
		untold := false
		for _, c := range f.Callers {
			if c.Able {
				may = append(may, c.Prog.String())
			}
			untold = untold || errors.Is(c.Err, unix.EPERM)
		}
		switch {
		case len(may) > 0 && since.Compare(running) > 0:
			t.Errorf("%q may call %s, of Linux %s", may, f.Name, since)
		case len(may) == 0 && !since.IsZero() && since.Compare(running) <= 0 && !untold && !slices.Contains(uncallable, f.Name):
			t.Errorf("nobody may call %s: %+v", f.Name, f.Callers)
		}
	}
	checkModule(t, m)
	for _, tt := range []struct {
		name, prog string
		able       bool
	}{
		{"bpf_cpumask_create", "syscall", true}, {"bpf_cpumask_create", "xdp", false}, {"bpf_dynptr_from_xdp", "xdp", true},
		{"bpf_dynptr_from_xdp", "sched_cls", false}, {"bpf_copy_from_user_str", "syscall", true}, {"bpf_copy_from_user_str", "xdp", false},
		{"bpf_sock_destroy", "tracing", true}, {"tcp_slow_start", "struct_ops", running.Compare(names.Version{Major: 5, Minor: 13}) >= 0}, {"tcp_slow_start", "xdp", false},
	} {
		i := slices.IndexFunc(m.Kfuncs, func(f Kfunc) bool { return f.Name == tt.name })
		if i < 0 {
			if running.Compare(names.Version{Major: 6, Minor: 12}) >= 0 {
				t.Errorf("there is no %s", tt.name)
			}
			continue
		}
		for _, c := range m.Kfuncs[i].Callers {
			if c.Prog.String() == tt.prog && c.Able != tt.able {
				t.Errorf("%s may call %s: %+v", tt.prog, tt.name, c.Outcome)
			}
		}
	}
}

// checkModule looks for functions of a module, if it is there and has types.
func checkModule(t *testing.T, m *More) {
	if _, err := os.Stat("/sys/kernel/btf/nf_conntrack"); err != nil {
		return
	}
	i := slices.IndexFunc(m.Kfuncs, func(f Kfunc) bool { return f.Module == "nf_conntrack" && f.Name == "bpf_ct_release" })
	if i < 0 {
		t.Fatalf("there is no function of the module: %+v", m.Kfuncs)
	}
	for _, c := range m.Kfuncs[i].Callers {
		if word := c.Prog.String(); c.Able != (word == "xdp" || word == "sched_cls") {
			t.Errorf("%s may call %s: %+v", c.Prog, m.Kfuncs[i].Name, c.Outcome)
		}
	}
}

// forAll are what the kernel looks at before it looks who asks.
var forAll = []string{"map flag path_fd", "map flag token_fd", "token token_create"}

// TestMoreUnprivileged asks without capabilities: all is refused for want of them, or is known not to be.
func TestMoreUnprivileged(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	text, _ := os.ReadFile("/proc/sys/kernel/unprivileged_bpf_disabled")
	if strings.TrimSpace(string(text)) == "0" {
		t.Skip("everybody may load programs here")
	}
	m, err := AskMore(t.Context(), Scope{Unprivileged: true}, kernelBTF(t))
	if err != nil {
		t.Fatal(err)
	}
	denied := 0
	for _, a := range list(m) {
		if errors.Is(a.Err, unix.EPERM) {
			denied++
		}
		if a.Able && !slices.Contains(forAll, a.what) {
			t.Errorf("%s: %+v", a.what, a.Outcome)
		}
	}
	if denied < 100 {
		t.Errorf("%d are refused", denied)
	}
	for _, f := range m.Kfuncs {
		for _, c := range f.Callers {
			if c.Able {
				t.Errorf("%s may call %s", c.Prog, f.Name)
			}
		}
	}
}

// TestMoreWithout asks without the kernel's types, of which some is not told then.
func TestMoreWithout(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	m, err := AskMore(t.Context(), Scope{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range m.AttachTypes {
		switch word := a.Type.String(); word {
		case "trace_fentry", "modify_return", "trace_iter", "lsm_mac", "struct_ops":
			if a.Able || !errors.Is(a.Err, ErrUntold) {
				t.Errorf("%s: %+v", word, a.Outcome)
			}
		case "cgroup_inet_ingress", "flow_dissector", "xdp":
			if !a.Able {
				t.Errorf("%s: %+v", word, a.Outcome)
			}
		}
	}
	if len(m.Kfuncs) > 0 || len(m.Targets) > 0 {
		t.Errorf("%d functions, %d targets", len(m.Kfuncs), len(m.Targets))
	}
}

// TestMoreCancelled asks nothing when it is too late, and leaves nothing behind when it is too late soon.
func TestMoreCancelled(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	kernel := kernelBTF(t)
	for _, after := range []time.Duration{0, time.Millisecond, 20 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		if m, err := AskMore(ctx, Scope{}, kernel); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, %v", m, err)
		}
		cancel()
		if held := descriptors(t); len(held) > 0 {
			t.Errorf("%q are still there", held)
		}
	}
}

// TestLeavesNothing counts what the kernel has before and after.
func TestLeavesNothing(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	kernel := kernelBTF(t)
	before := links(t)
	if _, err := AskMore(t.Context(), Scope{}, kernel); err != nil {
		t.Fatal(err)
	}
	for _, id := range links(t) {
		if !slices.Contains(before, id) {
			t.Errorf("link %d is there", id)
		}
	}
}

func links(t *testing.T) (ids []uint32) {
	t.Helper()
	for id, err := range bpf.IDs(bpf.Link) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func TestLastLine(t *testing.T) {
	for _, tt := range []struct{ log, want string }{
		{"0: (85) call x#1\ncalling kernel function x is not allowed\nprocessed 0 insns\n\x00more\n", "calling kernel function x is not allowed"},
		{"0: (85) call x#1\nR1 !read_ok\n\nVerification failed: Register\n\nSuggestion:\n  Initialize R1.\n\nprocessed 1 insns\n", "R1 !read_ok"},
		{"[2] Invalid kind:16\n", "[2] Invalid kind:16"},
		{"verification time 8 usec\nstack depth 0\nprocessed 2 insns (limit 1000000)\n", ""},
		{"", ""},
	} {
		if got := lastLine([]byte(tt.log)); got != tt.want {
			t.Errorf("%q: %q", tt.log, got)
		}
	}
}

// kernelBTF returns the types of the running kernel.
func kernelBTF(t *testing.T) *btf.Spec {
	t.Helper()
	data, err := os.ReadFile("/sys/kernel/btf/vmlinux")
	if err != nil {
		t.Skip(err)
	}
	spec, err := btf.Trust(data)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// version returns that of the running kernel.
func version(t *testing.T) names.Version {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	v, err := names.ParseVersion(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
