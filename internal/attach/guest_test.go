package attach

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
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
	tests := filepath.Join(t.TempDir(), "attach.test")
	build := exec.Command("go", "test", "-c", "-o", tests, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, g := range guests {
		t.Run(g.suite, func(t *testing.T) {
			t.Parallel()
			g.run(t, tests)
		})
	}
}

// A guest is a kernel with which the tests run, and what must not be skipped there.
type guest struct {
	suite  string
	needs  string // requirements of package fixture
	passes string // tests
}

var guests = []guest{
	{
		"bullseye-security", "root,bpf,isolation,reference,trampoline",
		"TestHits/kernel/kprobe TestHits/kernel/kretsyscall TestHits/kernel/lsm TestTraced/kprobe TestReplace TestUSDT//one_link",
	},
	{
		"trixie-backports", "root,bpf,isolation,reference,trampoline,lsm,kprobe,kprobe_multi",
		"TestHits/kernel/kprobe TestHits/kernel/kretsyscall TestHits/functions/session TestHits/tracing/session TestTraced/kprobe_return TestReplace " +
			"TestReference/kernel/fmod_ret TestReference/kernel/ksyscall TestReference/functions/many TestReference/tracing/many TestReference/user/one",
	},
}

// run boots the kernel and runs the tests in it.
func (g guest) run(t *testing.T, tests string) {
	root, err := filepath.Abs("../../.lab/kernels/" + g.suite)
	if err != nil {
		t.Fatal(err)
	}
	image := firstOf(t, filepath.Join(root, "boot/vmlinuz-*"), filepath.Join(root, "usr/lib/modules/*/vmlinuz*"))
	tool, _ := fixture.Reference()
	loader := firstOf(t, filepath.Join(filepath.Dir(tool), "root/usr/lib/x86_64-linux-gnu/ld-linux*.so.*"))
	lib := "/reference/root/usr/lib/x86_64-linux-gnu"
	wrapper := filepath.Join(t.TempDir(), "bpftool")
	text := "#!/bin/sh\nexec " + lib + "/" + filepath.Base(loader) + " --library-path " + lib + " /reference/root/usr/sbin/bpftool \"$@\"\n"
	if err := os.WriteFile(wrapper, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("../../testdata/lab/vm.sh", "-k", image, "-t", "300", "-f", tests, "-f", "testdata:/src/testdata",
		"-a", "lsm=lockdown,yama,bpf",
		"-f", filepath.Join(filepath.Dir(tool), "root")+":/reference/root", "-f", wrapper+":/reference/bpftool",
		"--", "env", guestVar+"=1", "BPFTOOL_REFERENCE=/reference/bpftool", "GOBPFTOOL_REQUIRE="+g.needs, "sh", "-c", "cd /src && attach.test -test.v -test.run '"+inGuests+"'")
	var out, console bytes.Buffer
	c.Stdout, c.Stderr = &out, &console
	err = c.Run()
	t.Logf("%d passed, %d skipped", strings.Count(out.String(), "--- PASS"), strings.Count(out.String(), "--- SKIP"))
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out.String(), console.String())
	}
	for name := range strings.FieldsSeq(g.passes) {
		if !strings.Contains(out.String(), "--- PASS: "+name+" ") {
			t.Errorf("%s was skipped", name)
		}
	}
}

// firstOf returns the first file that a pattern finds.
func firstOf(t *testing.T, patterns ...string) string {
	t.Helper()
	for _, pattern := range patterns {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	t.Skipf("nothing at %s: \"make lab\" gets it", strings.Join(patterns, ", "))
	return ""
}
