package feature

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// guests are kernels of each stable release of Debian, and the newest.
var guests = []fixture.Guest{
	{Version: "7.3", Suite: "trixie-backports"}, // which takes most of the time
	{Version: "5.10", Suite: "bullseye-security"},
	{Version: "6.1", Suite: "bookworm"},
	{Version: "6.12", Suite: "trixie"},
}

// TestGuests runs the tests that ask a kernel on others.
func TestGuests(t *testing.T) {
	if testing.Short() || inGuest() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM)
	tests := filepath.Join(t.TempDir(), "feature.test")
	build := exec.Command("go", "test", "-c", "-o", tests, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, g := range guests {
		t.Run(g.Version, func(t *testing.T) {
			t.Parallel()
			_, image := g.Find(t)
			args := []string{"-k", image, "-t", "900", "-m", "2048",
				"-f", tests, "-f", "../testdata/programs:/src/testdata/programs", "-f", "../testdata/idioms:/src/testdata/idioms"}
			args = append(args, fixture.GuestConfig(image)...)
			args = append(args, "--", "env", "GOBPFTOOL_GUEST=1", "GOBPFTOOL_REQUIRE=root,bpf",
				"sh", "-c", "mkdir -p /src/feature; cd /src/feature && feature.test -test.v -test.run '^("+guestTests+")$'")
			out, err := g.Boot(t, args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for name := range strings.SplitSeq(guestTests, "|") {
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

// guestTests are the tests that run in guests.
const guestTests = "TestRequireAgrees"
