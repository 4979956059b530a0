package cmd_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// profileTests are those, by package, of what attaches programs to programs, which few machines but guests allow.
var profileTests = map[string]string{"internal/profile": ".", "prog": "^TestProfile"}

// TestProfileKernels runs them in virtual machines, with clocks of the kernel for what the processor would count: the
// processors of guests count nothing.
func TestProfileKernels(t *testing.T) {
	if testing.Short() || inGuest() {
		t.Skip("takes a minute")
	}
	fixture.Need(t, fixture.VM)
	var boot []string
	script := "true"
	for pkg, run := range profileTests {
		tests := fixture.StaticTestsOf(t, "../"+pkg)
		boot = append(boot, "-f", tests)
		script += " && " + filepath.Base(tests) + " -test.run '" + run + "' -test.v"
	}
	boot = append(boot, "--", "env", guestVar+"=1", "GOBPFTOOL_REQUIRE=all", "sh", "-c", script)
	for _, k := range kernels {
		t.Run(k.Version, func(t *testing.T) {
			_, image := k.Find(t)
			out, err := k.Boot(t, append([]string{"-k", image, "-t", "900"}, boot...)...)
			if err != nil {
				t.Fatalf("%v\n%s", err, failures(out))
			}
			if passed := strings.Count("\n"+out, "\n--- PASS"); passed < 15 || strings.Contains(out, "--- SKIP") {
				t.Errorf("%d tests passed:\n%s", passed, out)
			}
		})
	}
}
