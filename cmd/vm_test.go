package cmd_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// guestVar tells the tests that they run in a guest with another kernel.
const guestVar = "GOBPFTOOL_GUEST"

func inGuest() bool { return os.Getenv(guestVar) != "" }

// usedPrefix marks the lines by which a guest tells which rows of the table of
// differences it needed.
const usedPrefix = "used difference: "

// A kernel is one with which the scripts run in a virtual machine.
type kernel struct {
	fixture.Guest
	has string // requirements of package fixture that it must meet
}

var kernels = []kernel{
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "root,bpf,reference,isolation,trampoline,kprobe,veth,tc,tc_action,tc_class"},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "root,bpf,reference,isolation,trampoline,lsm,kprobe,kprobe_multi,netkit,veth,tc,tc_action,tc_class,streams"},
}

// TestKernels runs the scripts of [TestScript], and what there is for maps of every type, in virtual machines with the
// oldest and the newest kernel that the project knows.
func TestKernels(t *testing.T) {
	if inGuest() {
		t.Skip("this is a guest")
	}
	if testing.Short() {
		t.Skip("takes minutes")
	}
	fixture.Need(t, fixture.VM, fixture.ReferenceTool, fixture.Clang)
	objects := compileRights(t)
	tests := fixture.StaticTests(t)
	for _, k := range kernels {
		t.Run(k.Version, func(t *testing.T) {
			t.Parallel()
			k.run(t, tests, objects)
		})
	}
}

// notThere are scripts that guests leave out: those that need no kernel, but files that
// guests do not have, those that name much of what is called, for which the emulated
// processor takes seconds to write /proc/kallsyms, again and again, what is said of wrong words,
// for which the types of the kernel are read again and again, and those that load thousands of programs
// for each line: [TestProbeKernels] runs one of them.
const notThere = "^TestScript$/^(errors_dump_btf|check_object|load_prog|skeleton_gen|skeleton_c_gen|subskeleton_gen|relocs_object|show_object|requires_object|styles_dump_prog|several_dump_prog|file_dump_prog|probe_feature|words_feature|why_feature|audit_feature)$"

// run boots the kernel and runs the tests in it. objects are those of [TestRights].
func (k kernel) run(t *testing.T, tests, objects string) {
	root, image := k.Find(t)
	script := "mkdir -p /src/cmd; cd /src/cmd && cmd.test -test.short -test.skip '" + notThere + "' -test.run '^(TestScript|TestMapTypes|TestElements|TestEventPipe.*|TestAttach.*|TestRun.*|TestTracelog.*|TestIdioms|TestIdiomsReuse|TestUsed.*|TestRights.*|TestWork)$' -test.v"
	args := []string{"-k", image, "-t", "2400", "-m", "2048", "-M", root + ":veth,nf_defrag_ipv6,nf_conntrack,sch_ingress,sch_htb,cls_bpf,act_bpf",
		"-f", objects + ":/objects",
		"-f", "../testdata/programs:/src/testdata/programs",
		"-f", "../testdata/idioms:/src/testdata/idioms",
		"-f", "../docs/idioms.md:/src/docs/idioms.md",
	}
	args = append(args, scriptFiles(t, tests)...)
	args = append(args, fixture.GuestConfig(image)...)
	args = append(args, "--", "env", guestVar+"=1", rightsVar+"=/objects", "BPFTOOL_REFERENCE=/reference/bpftool", "GOBPFTOOL_REQUIRE="+k.has, "sh", "-c", script)
	out, err := k.Boot(t, args...)
	passed := strings.Count(out, "--- PASS")
	t.Logf("Linux %s: %d passed, %d skipped", k.Version, passed, strings.Count(out, "--- SKIP"))
	if err != nil {
		t.Fatalf("%v\n%s", err, failures(out))
	}
	if passed < 100 {
		t.Errorf("only %d tests passed", passed)
	}
	useAll(t, out)
}

// scriptFiles returns arguments of vm.sh for what the scripts need in guests: these tests, which then run in /src/cmd,
// and the reference at /reference/bpftool.
func scriptFiles(t *testing.T, tests string) []string {
	t.Helper()
	reference, wrapper := fixture.GuestReference(t)
	return []string{
		"-f", tests,
		"-f", "../testdata/script:/src/testdata/script",
		"-f", filepath.Join("..", differences.File) + ":/src/" + differences.File,
		"-f", reference + ":/reference/root",
		"-f", wrapper + ":/reference/bpftool",
	}
}

// failures returns what tests printed, without those that passed.
func failures(out string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "--- PASS"), strings.HasPrefix(trimmed, "=== "), strings.HasPrefix(trimmed, "--- SKIP"):
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// useAll marks the rows that a guest needed, by what it printed.
func useAll(t *testing.T, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		if n, ok := strings.CutPrefix(strings.TrimSpace(line), usedPrefix); ok {
			use(t, n)
		}
	}
}

// use marks the row that starts on a line as needed.
func use(tb testing.TB, line string) {
	n, err := strconv.Atoi(line)
	if err != nil {
		tb.Errorf("line %q", line)
	}
	for _, d := range shared() {
		if d.Line == n {
			d.Used = true
		}
	}
}
