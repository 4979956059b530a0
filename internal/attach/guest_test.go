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
	for suite, has := range map[string]string{
		"bullseye-security": "root,bpf,isolation,reference,trampoline",
		"trixie-backports":  "root,bpf,isolation,reference,trampoline,kprobe_multi,lsm",
	} {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			boot(t, suite, tests, has)
		})
	}
}

func boot(t *testing.T, suite, tests, has string) {
	root, err := filepath.Abs("../../.lab/kernels/" + suite)
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
		"--", "env", guestVar+"=1", "BPFTOOL_REFERENCE=/reference/bpftool", "GOBPFTOOL_REQUIRE="+has, "sh", "-c", "cd /src && attach.test -test.v")
	var out, console bytes.Buffer
	c.Stdout, c.Stderr = &out, &console
	err = c.Run()
	t.Logf("%d passed, %d skipped", strings.Count(out.String(), "--- PASS"), strings.Count(out.String(), "--- SKIP"))
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out.String(), console.String())
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
