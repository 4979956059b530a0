package feature

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
	s := surveyed(t)
	counts := make(map[string]int)
	exceptions := explained(s.Version)
	for _, path := range agreeObjects(t) {
		o, err := elfobj.Open(path)
		if err != nil {
			continue // other tests tell why
		}
		r := require.Judge(filepath.Base(path), require.OfObject(needs.Of(o)), s)
		r.Check(o, require.ReadRunning(o))
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

// asked is what this kernel is asked: also what it notes, where nobody else reads that.
func asked() probe.Scope { return probe.Scope{Noisy: inGuest()} }

var take = sync.OnceValues(func() (*survey.Survey, error) { return survey.Take(context.Background(), asked()) })

// surveyed returns what this kernel can do. That is asked once, as it takes long in guests.
func surveyed(t *testing.T) *survey.Survey {
	t.Helper()
	s, err := take()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestProfiles asks for what comes with the tool, on kernels of which it is known.
func TestProfiles(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	if !inGuest() {
		t.Skip("not a guest, of which it is known what it has")
	}
	s := surveyed(t)
	wrong := map[string]string{ // profiles that are not met, by kernel
		"5.10": "lsm sched_ext", "6.1": "sched_ext", "6.12": "sched_ext", "7.3": "",
	}[s.Version.String()]
	for _, name := range require.Profiles() {
		list, _ := require.Profile(name)
		r := require.Judge(name, list, s)
		if want := !slices.Contains(strings.Fields(wrong), name); want != (r.Answer == verdict.Yes) {
			t.Errorf("Linux %s: %s is %v\n\t%s", s.Version, name, r.Answer, strings.Join(wanting(r), "\n\t"))
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
		{"usdt.o", "5.10", "bpf_get_attach_cookie is guarded: the program never comes there on kernels without it"},
		{"fentry_s.o fexit_s.o fmod_ret_s.o", "6.12", "to which functions programs may be attached that sleep is a list within the kernel"},
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
	patterns := []string{"../testdata/programs/*.o", "../testdata/idioms/*.o"}
	if inGuest() {
		patterns = patterns[:1] // it takes long there
	}
	for _, pattern := range patterns {
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
