package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// rightsVar tells guests where the objects of rightsCases are, as they have no compiler.
const rightsVar = "GOBPFTOOL_RIGHTS"

// TestRights loads objects, by the reference, under exactly the capabilities that "object
// requires" names, and tries it with each of them taken away.
func TestRights(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	if value, err := os.ReadFile("/proc/sys/kernel/unprivileged_bpf_disabled"); err != nil || string(bytes.TrimSpace(value)) == "0" {
		t.Skip("users without rights may load programs here")
	}
	dir := os.Getenv(rightsVar)
	if dir == "" {
		dir = compileRights(t)
	}
	running := runningKernel(t)
	for _, c := range rightsCases {
		t.Run(c.name, func(t *testing.T) {
			if c.trampoline && !inGuest() {
				t.Skip("tried in guests: some kernels have no trampolines")
			}
			if inGuest() && !c.trampoline && !slices.Contains(guestCases, c.name) {
				t.Skip("tried outside of guests")
			}
			object := filepath.Join(dir, c.name+".o")
			r := requirementsOf(t, object)
			if got := strings.Join(r.load(), " "); got != c.want {
				t.Fatalf("needs %q, want %q", got, c.want)
			}
			if since := max(c.since, "5.8"); r.Kernel.Version.Compare(running) > 0 || parseVersion(t, since).Compare(running) > 0 {
				t.Skipf("needs Linux %v, or %s to tell the difference", r.Kernel.Version, since)
			}
			full := r.load()
			if c.unsure != "" {
				if unsure := r.answered(verdict.Unknown); !slices.Contains(unsure, c.unsure) {
					t.Fatalf("unsure of %q, want %s", unsure, c.unsure)
				}
				full = append(full, c.unsure)
			}
			if out, err := loadWith(t, object, full); err != nil {
				t.Fatalf("with all of %s: %v\n%s", c.want, err, out)
			}
			if out, err := loadWith(t, object, granted(t, object)); c.unsure == "" && err != nil {
				t.Errorf("with what a drop-in for systemd grants: %v\n%s", err, out)
			}
			for i, dropped := range full {
				if dropped == c.unsure && c.until != "" && running.Compare(parseVersion(t, c.until)) >= 0 {
					continue
				}
				if _, err := loadWith(t, object, slices.Delete(slices.Clone(full), i, i+1)); err == nil {
					t.Errorf("without %s it loads, too", dropped)
				}
			}
		})
	}
}

// TestRightsOfNobody loads objects without any capability, where that is allowed.
func TestRightsOfNobody(t *testing.T) {
	if !inGuest() {
		t.Skip("not a guest, whose settings may be changed")
	}
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.ReferenceTool, fixture.Isolation)
	const setting = "/proc/sys/kernel/unprivileged_bpf_disabled"
	before, err := os.ReadFile(setting)
	if err == nil {
		err = os.WriteFile(setting, []byte("0"), 0)
	}
	if err != nil {
		t.Skip(err)
	}
	defer os.WriteFile(setting, before, 0)
	running := runningKernel(t)
	for _, c := range rightsCases {
		object := filepath.Join(os.Getenv(rightsVar), c.name+".o")
		r := requirementsOf(t, object)
		if r.Nobody.Answer == verdict.No && !slices.Contains(guestCases, c.name) {
			continue
		}
		if r.Kernel.Version.Compare(running) > 0 || c.since != "" && parseVersion(t, c.since).Compare(running) > 0 {
			continue
		}
		_, err := loadWith(t, object, nil)
		if want := r.Nobody.Answer != verdict.No; want != (err == nil) {
			t.Errorf("%s: %v, but %v", c.name, r.Nobody, err)
		}
	}
}

// requirements are what this test looks at of what "object requires" prints.
type requirements struct {
	Kernel       struct{ Version names.Version }
	Capabilities []struct {
		Capability string
		verdict.Verdict
		Attach bool `json:"only_to_attach"`
	}
	Nobody verdict.Verdict `json:"without_capabilities"`
}

// load returns the capabilities that loading takes, without CAP_.
func (r *requirements) load() []string { return r.answered(verdict.Yes) }

// answered returns the capabilities with an answer, without CAP_ and those that only attaching
// takes.
func (r *requirements) answered(a verdict.Answer) (list []string) {
	for _, c := range r.Capabilities {
		if c.Answer == a && !c.Attach {
			list = append(list, strings.TrimPrefix(c.Capability, "CAP_"))
		}
	}
	return list
}

func requirementsOf(t *testing.T, object string) *requirements {
	t.Helper()
	r := new(requirements)
	if err := json.Unmarshal(answer(t, "-j", "object", "requires", object), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// granted returns the capabilities that the ready text for systemd grants, without CAP_.
func granted(t *testing.T, object string) (list []string) {
	t.Helper()
	text := string(answer(t, "object", "requires", object, "format", "systemd"))
	_, value, ok := strings.Cut(text, "\nCapabilityBoundingSet=")
	if !ok {
		t.Fatalf("no set in:\n%s", text)
	}
	value, _, _ = strings.Cut(value, "\n")
	for _, c := range strings.Fields(value) {
		list = append(list, strings.TrimPrefix(c, "CAP_"))
	}
	return list
}

// answer returns what the tool prints, which must succeed.
func answer(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	std := cmd.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}
	if status := cmd.Main(context.Background(), append([]string{"gobpftool"}, args...), std); status != 0 {
		t.Fatalf("exit status %d\n%s%s", status, &out, &errs)
	}
	return out.Bytes()
}

func parseVersion(t *testing.T, text string) names.Version {
	v, err := names.ParseVersion(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func runningKernel(t *testing.T) names.Version {
	release, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		t.Fatal(err)
	}
	return parseVersion(t, strings.TrimSpace(string(release)))
}

// numbers of capabilities, by their names without CAP_.
var capNumbers = map[string]uintptr{
	"NET_ADMIN": unix.CAP_NET_ADMIN, "SYS_ADMIN": unix.CAP_SYS_ADMIN, "SYS_BOOT": unix.CAP_SYS_BOOT, "SYSLOG": unix.CAP_SYSLOG,
	"PERFMON": unix.CAP_PERFMON, "BPF": unix.CAP_BPF,
}

// loadWith loads an object as the user 0 with some capabilities only, as containers run.
func loadWith(t *testing.T, object string, caps []string) (out []byte, err error) {
	tool, _ := fixture.Reference()
	pins := filepath.Join(fixture.BPFFS(), "rights")
	kept := make([]uintptr, len(caps))
	for i, name := range caps {
		kept[i] = capNumbers[name]
	}
	out, err = fixture.Confinement{Without: fixture.AllBut(kept...)}.Output(exec.Command(tool, "prog", "load", object, pins))
	if remove := os.RemoveAll(pins); remove != nil {
		t.Fatal(remove)
	}
	return out, err
}

// compileRights makes the objects of rightsCases, and returns the folder where they are.
func compileRights(t *testing.T) string {
	fixture.Need(t, fixture.Clang)
	clang, _ := fixture.Compiler()
	dir := t.TempDir()
	for _, c := range rightsCases {
		cc := exec.Command(clang, "-x", "c", "-target", "bpfel", "-g", "-O2", "-mcpu=v3",
			"-I/usr/include/x86_64-linux-gnu", "-c", "-o", filepath.Join(dir, c.name+".o"), "-")
		cc.Stdin = strings.NewReader(rightsPrelude + c.source)
		if out, err := cc.CombinedOutput(); err != nil {
			t.Fatal(fmt.Errorf("%s: %w\n%s", c.name, err, out))
		}
	}
	return dir
}
