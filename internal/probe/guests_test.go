package probe

import (
	"os"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// guestVar tells the tests that they run in a guest, where nothing is in the way of root.
const guestVar = "GOBPFTOOL_GUEST"

// guests are the oldest and the newest kernel, and some between.
var guests = []struct {
	fixture.Guest
	module bool // whose functions are asked about: where those of modules are marked
}{
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, false},
	{fixture.Guest{Version: "6.1", Suite: "bookworm"}, false},
	{fixture.Guest{Version: "6.12", Suite: "trixie"}, false},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, true},
}

// TestGuests runs the tests of this package that compare with what is known.
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
			root, image := g.Find(t)
			args := append(fixture.GuestConfig(image), "-k", image, "-t", "900", "-f", tests)
			if g.module {
				args = append(args, "-M", root+":nf_conntrack")
			}
			args = append(args, "--", "env", guestVar+"=1", "GOBPFTOOL_REQUIRE=root,bpf", "probe.test", "-test.v", "-test.run", "^TestMore$")
			out, err := g.Boot(t, args...)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if !strings.Contains(out, "--- PASS: TestMore ") {
				t.Errorf("the test did not pass\n%s", out)
			}
		})
	}
}
