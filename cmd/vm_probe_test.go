package cmd_test

import (
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// probedKernels are those whose features are compared: of each stable release of Debian, and the newest.
var probedKernels = []fixture.Guest{
	{Version: "7.3", Suite: "trixie-backports"}, // which takes most of the time
	{Version: "5.10", Suite: "bullseye-security"},
	{Version: "6.1", Suite: "bookworm"},
	{Version: "6.12", Suite: "trixie"},
}

// probeTests are those of what kernels can do, in one element for each level of their names. First comes what
// looks into the kernel's log.
const probeTests = "^(TestProbeLeavesNothing|TestProbeInterrupted|TestScript)$/^probe_feature$"

// TestProbeKernels runs, in virtual machines, what compares "feature probe" with the reference, and what looks for
// anything that stays behind.
func TestProbeKernels(t *testing.T) {
	if testing.Short() || inGuest() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM, fixture.ReferenceTool)
	tests := fixture.StaticTests(t)
	for _, g := range probedKernels {
		t.Run(g.Version, func(t *testing.T) {
			t.Parallel()
			_, image := g.Find(t)
			config := fixture.GuestConfig(image)
			if len(config) == 0 {
				t.Fatalf("no configuration beside %s", image)
			}
			args := append([]string{"-k", image, "-t", "1200", "-m", "2048"}, scriptFiles(t, tests)...)
			args = append(append(args, config...), "--", "env", guestVar+"=1", "BPFTOOL_REFERENCE=/reference/bpftool",
				"GOBPFTOOL_REQUIRE=root,bpf,reference,isolation", "sh", "-c", "mkdir -p /src/cmd; cd /src/cmd && cmd.test -test.run '"+probeTests+"' -test.v")
			out, err := g.Boot(t, args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, failures(out))
			}
			if n := strings.Count(out, "--- PASS"); n != 4 { // with that of the script, below TestScript
				t.Errorf("%d tests passed:\n%s", n, out)
			}
			useAll(t, out)
		})
	}
}
