package denied_test

import (
	"os"
	"strings"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// guestVar tells the tests that they run in a guest, whose settings may be changed.
const guestVar = "GOBPFTOOL_GUEST"

// guests are the oldest and the newest kernel, with the words of their command line.
var guests = []struct {
	fixture.Guest
	words string
	lsm   bool // programs may be security modules
}{
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "", false},
	{fixture.Guest{Version: "5.10", Suite: "bullseye-security"}, "lockdown=confidentiality", false},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "", true},
	{fixture.Guest{Version: "7.3", Suite: "trixie-backports"}, "lockdown=integrity", true},
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
	tests := fixture.StaticTests(t)
	for _, g := range guests {
		t.Run(strings.TrimSpace(g.Version+" "+g.words), func(t *testing.T) {
			t.Parallel()
			_, image := g.Find(t)
			const script = "denied.test -test.v -test.skip '^TestSettings$' && denied.test -test.v -test.run '^TestSettings$'"
			out, err := g.Boot(t, "-k", image, "-a", g.words, "-t", "900", "-f", tests, "--",
				"env", guestVar+"=1", "GOBPFTOOL_REQUIRE=root,bpf,isolation", "sh", "-c", script)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, name := range []string{"Capabilities", "Nobody", "Filter", "Namespace", "Memlock", "Settings"} {
				if !strings.Contains(out, "--- PASS: Test"+name+" ") {
					t.Errorf("Test%s did not pass\n%s", name, out)
				}
			}
			if g.lsm && !strings.Contains(out, "--- PASS: TestModule ") {
				t.Errorf("TestModule did not pass\n%s", out)
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

// TestModule has a security module of BPF forbid to make maps, for all processes.
func TestModule(t *testing.T) {
	if os.Getenv(guestVar) == "" {
		t.Skip("not a guest, where nobody is in the way")
	}
	if list, err := os.ReadFile("/sys/kernel/security/lsm"); err != nil || !strings.Contains(string(list), "bpf") {
		t.Skipf("programs are no security modules here: %s, %v", list, err)
	}
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.LSM)
	p, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type: ebpf.LSM, AttachType: ebpf.AttachLSMMac, AttachTo: "bpf", License: "GPL",
		Instructions: asm.Instructions{
			asm.LoadMem(asm.R2, asm.R1, 0, asm.DWord), asm.And.Imm(asm.R2, 0xff), // the command
			asm.Mov.Imm(asm.R0, 0), asm.JNE.Imm(asm.R2, int32(bpf.MapCreate), "out"),
			asm.Mov.Imm(asm.R0, -1), // EPERM
			asm.Return().WithSymbol("out"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	l, err := link.AttachLSM(link.LSMOptions{Program: p})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	check(t, fixture.Confinement{}, nil, []says{
		{"map hash", []string{"the cause is not established: no capability that it takes is missing", "no seccomp filter is active; a security module may forbid it (", "bpf"}},
	})
}
