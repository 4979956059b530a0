package denied_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// guestVar tells the tests that they run in a guest, whose settings may be changed.
const guestVar = "GOBPFTOOL_GUEST"

// guests are the oldest and the newest kernel, with the words of their command line.
var guests = []struct {
	fixture.Guest
	words string
}{
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, ""},
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "lockdown=confidentiality"},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, ""},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "lockdown=integrity"},
}

// TestGuests runs the tests of this package on other kernels, and those that change settings, of
// which the last stays as it is.
func TestGuests(t *testing.T) {
	if os.Getenv(guestVar) != "" {
		t.Skip("this is a guest")
	}
	if testing.Short() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM)
	tests := filepath.Join(t.TempDir(), "denied.test")
	build := exec.Command("go", "test", "-c", "-o", tests, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, g := range guests {
		t.Run(strings.TrimSpace(g.Version+" "+g.words), func(t *testing.T) {
			_, image := g.Find(t)
			const script = "denied.test -test.v -test.skip '^TestSettings$' && denied.test -test.v -test.run '^TestSettings$'"
			out, err := g.Boot(t, "-k", image, "-a", g.words, "-t", "300", "-f", tests, "--",
				"env", guestVar+"=1", "GOBPFTOOL_REQUIRE=root,bpf,isolation", "sh", "-c", script)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, name := range []string{"Capabilities", "Nobody", "Filter", "Namespace", "Memlock", "Settings"} {
				if !strings.Contains(out, "--- PASS: Test"+name+" ") {
					t.Errorf("Test%s did not pass\n%s", name, out)
				}
			}
			if g.words != "" && !strings.Contains(out, "--- PASS: TestLockdown ") {
				t.Errorf("TestLockdown did not pass\n%s", out)
			}
		})
	}
}

// TestSettings tries all values of kernel.unprivileged_bpf_disabled. Nothing follows 1.
func TestSettings(t *testing.T) {
	if os.Getenv(guestVar) == "" {
		t.Skip("not a guest, whose settings may be changed")
	}
	fixture.Need(t, fixture.Root, fixture.BPF)
	for _, value := range []string{"0", "2", "1"} {
		t.Run(value, func(t *testing.T) {
			if err := os.WriteFile("/proc/sys/kernel/unprivileged_bpf_disabled", []byte(value), 0); err != nil {
				t.Fatal(err)
			}
			check(t, fixture.Confinement{User: nobody}, nil, asNobody(value))
			if value == "0" {
				check(t, fixture.Confinement{User: nobody, Namespace: true}, nil, []says{{"map hash", nil}, {"map lpm_trie", []string{"in a user namespace"}}})
			}
		})
	}
}

// TestLockdown asks for helpers that the lockdown of the kernel takes away.
func TestLockdown(t *testing.T) {
	text, err := os.ReadFile("/sys/kernel/security/lockdown")
	_, mode, _ := strings.Cut(string(text), "[")
	mode, _, _ = strings.Cut(mode, "]")
	if err != nil || mode == "none" {
		t.Skip("the kernel is not locked down, or does not say so")
	}
	fixture.Need(t, fixture.Root, fixture.BPF)
	locked := []string{"the kernel is locked down", "(/sys/kernel/security/lockdown: " + mode + ")"}
	list := []says{{"helper kprobe 36", locked}, {"helper kprobe 113", locked}} // probe_write_user, probe_read_kernel
	if mode == "integrity" {
		list[1].parts = nil
	}
	check(t, fixture.Confinement{}, nil, list)
}
