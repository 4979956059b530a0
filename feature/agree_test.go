package feature

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/load"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/require"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// TestRequireAgrees asks of many objects whether the kernel has what they require, and loads them.
func TestRequireAgrees(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	s, err := survey.Take(t.Context(), probe.Scope{Noisy: inGuest()})
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[string]int)
	exceptions := explained(s.Version)
	for _, path := range agreeObjects(t) {
		o, err := elfobj.Open(path)
		if err != nil {
			continue // other tests tell why
		}
		r := require.Judge(filepath.Base(path), require.OfObject(needs.Of(o)), s)
		judgeTypes(r, o)
		loaded := loads(t.Context(), o)
		if loaded != nil && !errors.As(loaded, new(unix.Errno)) {
			counts["never given to a kernel"]++ // what a loader refuses is no question of the kernel
			continue
		}
		counts[r.Answer.String()+" "+outcome(loaded)]++
		if (r.Answer == verdict.Yes) == (loaded == nil) || loaded == nil && onlyToAttach(r) {
			continue
		}
		name := filepath.Base(path)
		if _, ok := exceptions[name]; ok {
			exceptions[name] = true
			counts["explained"]++
		} else {
			t.Errorf("%s: %v, but loading: %v\n\t%s", path, r.Answer, loaded, strings.Join(wanting(r), "\n\t"))
		}
	}
	t.Log(counts)
	for name, used := range exceptions {
		if used {
			continue
		}
		t.Errorf("%s needs no explanation: it is as it should be", name)
	}
	if n := counts["yes loads"]; n < 30 {
		t.Errorf("only %d objects load", n)
	}
	if !inGuest() {
		return
	}
	for _, word := range names.ProgTypes()[1:] { // what is not asked for elsewhere is like what is
		noisy, ok := s.Find(survey.Helper, "bpf_trace_printk", word)
		other, _ := s.Find(survey.Helper, "bpf_probe_read_user", word)
		if ok && noisy.Answer != other.Answer {
			t.Errorf("%s: bpf_trace_printk %v, bpf_probe_read_user %v", word, noisy.Verdict(), other.Verdict())
		}
	}
}

// explained returns the objects of which a kernel has all that is known to be required, and refuses them, or the other way
// round: none of them is seen yet.
func explained(kernel names.Version) map[string]bool {
	found := make(map[string]bool)
	for _, e := range []struct {
		objects, kernels string
		why              string
	}{
		{"arg_tags.o", "5.10 6.1", "what tags of arguments mean came with 6.8, and is no part of what an object is known to need"},
		{"usdt.o", "5.10", "bpf_get_attach_cookie is guarded: the program never comes there on kernels without it"},
		{"sections_trampoline.o", "6.1", "whether a function may be modified is a list within the kernel"},
		{"fentry_s.o fexit_s.o fmod_ret_s.o", "6.12", "so is whether programs that sleep may be attached to it"},
		{"timer.o", "6.1", "it does not see that what the timer calls takes the lock itself"},
	} {
		if slices.Contains(strings.Fields(e.kernels), kernel.String()) {
			for _, name := range strings.Fields(e.objects) {
				found[name] = false
			}
		}
	}
	return found
}

// onlyToAttach reports whether an object lacks nothing but ways to attach it, which most programs are loaded without.
func onlyToAttach(r *require.Report) bool {
	for _, row := range r.Rows {
		if row.Answer != verdict.Yes && !row.Optional && row.Kind != survey.AttachType {
			return false
		}
	}
	return true
}

// agreeObjects returns the objects of the tests that stand for something that may be missing.
func agreeObjects(t *testing.T) []string {
	var all []string
	for _, pattern := range []string{"../testdata/programs/*.o", "../testdata/idioms/*.o"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return all
}

// inGuest reports whether this is a virtual machine.
func inGuest() bool { return os.Getenv("GOBPFTOOL_GUEST") != "" }

// loads loads an object and lets go of it.
func loads(ctx context.Context, o *elfobj.Object) error {
	c, err := load.Load(ctx, o, load.Options{})
	if err == nil {
		if len(c.Programs) == 0 && len(o.Programs) > 0 {
			err = errors.New("no program")
		}
		c.Close()
	}
	return err
}

func outcome(err error) string {
	if err == nil {
		return "loads"
	}
	return "refused"
}

// wanting returns the rows of a report that are not met.
func wanting(r *require.Report) (list []string) {
	for _, row := range r.Rows {
		if row.Answer != verdict.Yes && !row.Optional {
			list = append(list, string(row.Kind)+" "+row.Name+" "+strings.Join(row.For, ",")+": "+row.Verdict.String())
		}
	}
	return list
}
