package attach

import (
	"os"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// inGuests are the tests for which the kernel matters.
const inGuests = "^Test(Hits|Reference|USDT|Iterator|Close|Traced|Replace)$"

// guestVar tells the tests that they run in a guest with another kernel.
const guestVar = "GOBPFTOOL_GUEST"

// TestGuests runs the other tests in guests with the oldest and the newest kernel, where programs can be attached
// to functions.
func TestGuests(t *testing.T) {
	if os.Getenv(guestVar) != "" {
		t.Skip("this is a guest")
	}
	if testing.Short() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM, fixture.ReferenceTool)
	tests := fixture.StaticTests(t)
	for _, g := range guests {
		t.Run(g.Version, func(t *testing.T) {
			t.Parallel()
			g.run(t, tests)
		})
	}
}

// A guest is a kernel with which the tests run, and what must not be skipped there.
type guest struct {
	fixture.Guest
	needs  string // requirements of package fixture
	passes string // tests
}

var guests = []guest{
	{
		fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "root,bpf,isolation,reference,trampoline",
		"TestHits/kernel/kprobe TestHits/kernel/kretsyscall TestHits/kernel/lsm TestTraced/kprobe TestReplace TestUSDT//one_link",
	},
	{
		fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "root,bpf,isolation,reference,trampoline,lsm,kprobe,kprobe_multi",
		"TestHits/kernel/kprobe TestHits/kernel/kretsyscall TestHits/functions/session TestHits/tracing/session TestTraced/kprobe_return TestReplace " +
			"TestReference/kernel/fmod_ret TestReference/kernel/ksyscall TestReference/functions/many TestReference/tracing/many TestReference/user/one",
	},
}

// run boots the kernel and runs the tests in it.
func (g guest) run(t *testing.T, tests string) {
	_, image := g.Find(t)
	reference, wrapper := fixture.GuestReference(t)
	out, err := g.Boot(t, "-k", image, "-t", "900", "-f", tests, "-f", "testdata:/src/testdata", "-a", "lsm=lockdown,yama,bpf",
		"-f", reference+":/reference/root", "-f", wrapper+":/reference/bpftool",
		"--", "env", guestVar+"=1", "BPFTOOL_REFERENCE=/reference/bpftool", "GOBPFTOOL_REQUIRE="+g.needs,
		"sh", "-c", "cd /src && attach.test -test.v -test.run '"+inGuests+"'")
	t.Logf("%d passed, %d skipped", strings.Count(out, "--- PASS"), strings.Count(out, "--- SKIP"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name := range strings.FieldsSeq(g.passes) {
		if !strings.Contains(out, "--- PASS: "+name+" ") {
			t.Errorf("%s was skipped", name)
		}
	}
}
