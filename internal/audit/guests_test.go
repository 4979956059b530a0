package audit_test

import (
	"os"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// guestVar tells the tests that they run in a guest, whose settings may be changed. It has the mode of its lockdown.
const guestVar = "GOBPFTOOL_GUEST"

// guests are the oldest and the newest kernel, each with a mode of lockdown.
var guests = []struct {
	fixture.Guest
	lockdown string
}{
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "confidentiality"},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "integrity"},
}

// TestGuests runs the tests of this package that ask the kernel on other kernels, and those that change settings.
func TestGuests(t *testing.T) {
	if os.Getenv(guestVar) != "" {
		t.Skip("this is a guest")
	}
	if testing.Short() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM)
	tests := fixture.StaticTests(t)
	for _, g := range guests {
		t.Run(g.Version, func(t *testing.T) {
			t.Parallel()
			_, image := g.Find(t)
			const script = "mkdir -p /boot /mnt /opt && audit.test -test.v -test.run '^(TestProvocations|TestKernelSays)$'"
			args := append(fixture.GuestConfig(image), "-k", image, "-a", "lockdown="+g.lockdown, "-t", "900", "-f", tests, "--",
				"env", guestVar+"="+g.lockdown, "GOBPFTOOL_REQUIRE=root,bpf,isolation", "sh", "-c", script)
			out, err := g.Boot(t, args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, name := range []string{"Provocations", "KernelSays"} {
				if !strings.Contains(out, "--- PASS: Test"+name+" ") {
					t.Errorf("Test%s did not pass\n%s", name, out)
				}
			}
		})
	}
}

// TestKernelSays has the kernel itself say what is found, after its settings are changed. Nothing follows 1 of those that
// users without rights may not load programs.
func TestKernelSays(t *testing.T) {
	mode := os.Getenv(guestVar)
	if mode == "" {
		t.Skip("not a guest, whose settings may be changed")
	}
	fixture.Need(t, fixture.Root)
	levelOf := func(id string) audit.Finding {
		for _, f := range audit.Judge(audit.Read()) {
			if f.ID == id {
				return f
			}
		}
		t.Fatalf("no finding %s", id)
		return audit.Finding{}
	}
	for _, tt := range []struct {
		path, value, id string
		want            audit.Level
	}{
		{stats, "1", "stats-enabled", warns},
		{stats, "0", "stats-enabled", passes},
		{paranoid, "0", "perf-event-paranoid", fails},
		{kptr, "0", "kptr-restrict", fails},
		{kptr, "1", "kptr-restrict", passes},
		{paranoid, "2", "perf-event-paranoid", passes},
		{nobodys, "0", "unprivileged-bpf", fails},
		{nobodys, "2", "unprivileged-bpf", passes},
		{nobodys, "1", "unprivileged-bpf", passes},
	} {
		if err := os.WriteFile(tt.path, []byte(tt.value), 0); err != nil {
			t.Errorf("%s: %v", tt.path, err)
		}
		if f := levelOf(tt.id); f.Level != tt.want {
			t.Errorf("%s is %s: %+v", tt.path, tt.value, f)
		}
	}
	locked := map[string]audit.Level{"integrity": passes, "confidentiality": warns}[mode]
	if f := levelOf("lockdown"); f.Level != locked || f.Evidence != "it is "+mode {
		t.Errorf("lockdown=%s: %+v", mode, f)
	}
	for _, id := range []string{"btf-kernel", "config-bpf-syscall"} {
		if f := levelOf(id); f.Level != passes {
			t.Errorf("%+v", f)
		}
	}
}
