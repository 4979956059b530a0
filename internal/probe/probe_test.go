package probe

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// TestAsk asks this kernel for everything, and looks for descriptors that stay.
func TestAsk(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	f, err := Ask(t.Context(), Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if held := descriptors(t); len(held) > 0 {
		t.Errorf("%q are still there", held)
	}
	xdp := find(t, f, "xdp")
	if !xdp.Able || xdp.Err != nil {
		t.Errorf("xdp: %+v", xdp.Outcome)
	}
	if h := helper(t, xdp, "bpf_redirect"); !h.Able {
		t.Errorf("xdp may not call bpf_redirect: %+v", h.Outcome)
	}
	// Why not is kept, as the kernel said it.
	if h := helper(t, xdp, "bpf_override_return"); h.Able || !errors.Is(h.Err, unix.EINVAL) || !strings.Contains(h.Said, "#58") {
		t.Errorf("xdp may call bpf_override_return: %+v", h.Outcome)
	}
	if h := helper(t, find(t, f, "struct_ops"), "bpf_redirect"); h.Able || !errors.Is(h.Err, ErrUntold) {
		t.Errorf("struct_ops: %+v", h.Outcome)
	}
	if len(f.Maps) != len(names.MapTypes()) || !f.Maps[0].Able {
		t.Errorf("%d types of maps, %+v", len(f.Maps), f.Maps[0])
	}
	for _, a := range f.Abilities {
		if !a.Able && a.Name != "v4_isa_extension" { // of Linux 6.6
			t.Errorf("%s: %v", a.Name, a.Err)
		}
	}
}

// TestUnprivileged asks without capabilities: nothing that takes one is there, and this process keeps its own.
func TestUnprivileged(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	before := capabilities(t, "self")
	f, err := Ask(t.Context(), Scope{Unprivileged: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"kprobe", "xdp", "struct_ops", "tracing"} {
		p := find(t, f, word)
		if p.Able || !errors.Is(p.Err, unix.EPERM) {
			t.Errorf("%s: %+v", word, p.Outcome)
		}
		for _, h := range p.Helpers {
			if h.Able {
				t.Errorf("%s may call %s", word, h.Name)
			}
		}
	}
	if after := capabilities(t, "self"); after != before || !strings.Contains(before, "CapEff") {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
}

// TestRun looks at the rights of the threads.
func TestRun(t *testing.T) {
	fixture.Need(t, fixture.Root)
	const none = "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
	for range 20 { // one of which may be on the first thread
		if err := Run(2, true, func() {
			if got := capabilities(t, "thread-self"); got != none {
				t.Errorf("without rights: %s", got)
			}
			if unix.Gettid() == unix.Getpid() {
				t.Error("on the first thread")
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := Run(1, false, func() {
		if got := capabilities(t, "thread-self"); got == none {
			t.Error("no rights are left")
		}
	}); err != nil {
		t.Fatal(err)
	}
	if missing, err := Lacks(unix.CAP_SYS_ADMIN, 63); err != nil || len(missing) != 1 || missing[0] != 63 {
		t.Errorf("missing: %v, %v", missing, err)
	}
}

// TestCancelled asks nothing when it is too late.
func TestCancelled(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f, err := Ask(ctx, Scope{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", f, err)
	}
}

func TestHelpers(t *testing.T) {
	quiet, all := Scope{}.helpers(), Scope{Noisy: true}.helpers()
	if len(all) != len(names.Helpers())-1 || len(quiet) != len(all)-3 {
		t.Errorf("%d and %d helpers", len(quiet), len(all))
	}
	for _, list := range [][]Helper{quiet, all} {
		for _, h := range list {
			if name, _ := names.Helper(h.Number); name != h.Name {
				t.Errorf("%d is %s, not %s", h.Number, name, h.Name)
			}
		}
	}
	for _, h := range quiet {
		if strings.Contains(h.Name, "trace_") || h.Name == "bpf_probe_write_user" {
			t.Errorf("%s is noisy", h.Name)
		}
	}
}

// TestDevice asks only for what can be offloaded.
func TestDevice(t *testing.T) {
	s := Scope{Ifindex: 1}
	if p, m := s.progs(), s.maps(); len(p) != 2 || p[0].Type.String() != "sched_cls" || p[1].Type.String() != "xdp" ||
		len(m) != 2 || m[0].Type.String() != "hash" || m[1].Type.String() != "array" {
		t.Errorf("%v, %v", p, m)
	}
}

func TestLine(t *testing.T) {
	for _, tt := range []struct{ log, words, want string }{
		{"0: (85) call x#1\nunknown func x#1\nprocessed 0 insns\n\x00invalid func ", "unknown func ", "unknown func x#1"},
		{"unknown func x#1", "unknown func ", "unknown func x#1"},
		{"0: exit\n\x00unknown func ", "unknown func ", ""},
		{"", "unknown func ", ""},
	} {
		if got := line([]byte(tt.log), tt.words); got != tt.want {
			t.Errorf("%q in %q: %q", tt.words, tt.log, got)
		}
	}
}

func find(t *testing.T, f *Findings, word string) Prog {
	t.Helper()
	for _, p := range f.Progs {
		if p.Type.String() == word {
			return p
		}
	}
	t.Fatalf("nothing is known of %s", word)
	return Prog{}
}

func helper(t *testing.T, p Prog, name string) Helper {
	t.Helper()
	for _, h := range p.Helpers {
		if h.Name == name {
			return h
		}
	}
	t.Fatalf("nothing is known of %s", name)
	return Helper{}
}

// capabilities returns the lines about those that a process or thread has.
func capabilities(t *testing.T, who string) string {
	text, err := os.ReadFile("/proc/" + who + "/status")
	if err != nil {
		t.Error(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		for _, set := range []string{"CapInh", "CapPrm", "CapEff"} {
			if strings.HasPrefix(line, set) {
				b.WriteString(line)
			}
		}
	}
	return b.String()
}

// descriptors returns those of this process that are BPF objects.
func descriptors(t *testing.T) (held []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for _, path := range all {
		if to, err := os.Readlink(path); err == nil && strings.HasPrefix(to, "anon_inode:") && (strings.Contains(to, "bpf") || strings.Contains(to, "btf")) {
			held = append(held, to)
		}
	}
	return held
}
