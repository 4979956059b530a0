package feature

import (
	"os"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// guests are kernels of each stable release of Debian, and the newest, with words of their command lines and the tests that
// run there.
var guests = []struct {
	fixture.Guest
	words, tests string
}{
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "", "TestRequireAgrees|TestProfiles|TestContradictions"},
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "", "TestRequireAgrees|TestProfiles|TestContradictions"},
	{fixture.Guest{Version: "6.1", Suite: "bookworm"}, "", "TestRequireAgrees|TestProfiles"},
	{fixture.Guest{Version: "6.12", Suite: "trixie"}, "", "TestRequireAgrees|TestProfiles"},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "lockdown=confidentiality", "TestLockdown"},
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "lockdown=integrity", "TestLockdown"},
}

// TestGuests runs the tests that ask a kernel on others.
func TestGuests(t *testing.T) {
	if testing.Short() || inGuest() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM)
	tests := fixture.StaticTests(t)
	for _, g := range guests {
		t.Run(strings.TrimSpace(g.Version+" "+g.words), func(t *testing.T) {
			t.Parallel()
			_, image := g.Find(t)
			args := []string{"-k", image, "-a", g.words, "-t", "900", "-m", "2048",
				"-f", tests, "-f", "../testdata/programs:/src/testdata/programs", "-f", "../testdata/idioms:/src/testdata/idioms"}
			args = append(args, fixture.GuestConfig(image)...)
			args = append(args, "--", "env", "GOBPFTOOL_GUEST=1", "GOBPFTOOL_REQUIRE=root,bpf",
				"sh", "-c", "mkdir -p /src/feature; cd /src/feature && feature.test -test.v -test.run '^("+g.tests+")$'")
			out, err := g.Boot(t, args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for name := range strings.SplitSeq(g.tests, "|") {
				if !strings.Contains(out, "--- PASS: "+name+" ") {
					t.Errorf("%s did not pass\n%s", name, out)
				}
			}
			for line := range strings.Lines(out) {
				if strings.Contains(line, "map[") {
					t.Logf("Linux %s: %s", g.Version, strings.TrimSpace(line))
				}
			}
		})
	}
}

// TestLockdown has the kernel's lockdown take away what programs may do.
func TestLockdown(t *testing.T) {
	text, err := os.ReadFile("/sys/kernel/security/lockdown")
	if err != nil || !inGuest() || strings.Contains(string(text), "[none]") {
		t.Skip("not a guest that is locked down")
	}
	fixture.Need(t, fixture.Root, fixture.BPF)
	s, err := survey.Take(t.Context(), probe.Scope{Noisy: true})
	if err != nil {
		t.Fatal(err)
	}
	reads := verdict.Yes // with integrity
	if strings.Contains(string(text), "[confidentiality]") {
		reads = verdict.Denied
	}
	for _, want := range []struct {
		kind     survey.Kind
		name, of string
		answer   verdict.Answer
	}{
		{survey.Helper, "bpf_probe_read_kernel", "kprobe", reads},
		{survey.Security, "programs read the kernel's memory (lockdown)", "", reads},
		{survey.Helper, "bpf_probe_write_user", "kprobe", verdict.Denied},
		{survey.Security, "programs write to the memory of processes (lockdown)", "", verdict.Denied},
		{survey.Helper, "bpf_redirect", "kprobe", verdict.No},
		{survey.ProgType, "xdp", "", verdict.Yes},
	} {
		r, _ := s.Find(want.kind, want.name, want.of)
		v := r.Verdict()
		if v.Answer != want.answer || v.Answer == verdict.Denied && !strings.Contains(v.Evidence, "/sys/kernel/security/lockdown: ") {
			t.Errorf("%s %s: %v, want %v", want.kind, want.name, v, want.answer)
		}
	}
}
