package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// The capabilities that it is about.
const (
	capNetAdmin = unix.CAP_NET_ADMIN
	capSysAdmin = unix.CAP_SYS_ADMIN
	capPerfmon  = unix.CAP_PERFMON
	capBPF      = unix.CAP_BPF
)

// TestLoadDenied loads objects without the rights for that: what is said names the true cause.
func TestLoadDenied(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	const (
		tc      = "../internal/elfobj/testdata/data.bpfel.o"
		tracing = "../internal/load/testdata/whole.bpf.o"
	)
	tests := []struct {
		name     string
		confined fixture.Confinement
		object   string
		want     string // what is said, or empty if the object is loaded
	}{
		{"all of root", fixture.Confinement{}, tc, ""},
		{"one of two is enough", fixture.Confinement{Without: []uintptr{capSysAdmin}}, tc, ""},
		{"the other one, too", fixture.Confinement{Without: []uintptr{capBPF, capNetAdmin, capPerfmon}}, tc, ""},
		{"no CAP_BPF", fixture.Confinement{Without: []uintptr{capBPF, capSysAdmin}}, tc, "CAP_BPF is missing"},
		{"no CAP_NET_ADMIN", fixture.Confinement{Without: []uintptr{capNetAdmin, capSysAdmin}}, tc, "CAP_NET_ADMIN is missing: programs of type sched_cls need it"},
		{"no CAP_PERFMON", fixture.Confinement{Without: []uintptr{capPerfmon, capSysAdmin}}, tracing, "CAP_PERFMON is missing: programs of type raw_tracepoint need it"},
		{"nobody", fixture.Confinement{User: 65534}, tc, "CAP_BPF is missing"},
		{"a filter", fixture.Confinement{Filter: unix.EPERM}, tc, "seccomp"},
		{"a user namespace", fixture.Confinement{Namespace: true}, tc, "user namespace"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(fixture.BPFFS(), "denied")
			if err := os.Mkdir(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(dir)
			if err := os.Chmod(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			c := tool("prog", "loadall", tt.object, filepath.Join(dir, "x"))
			c.Env = append(c.Env, "LIBBPF_BPF_TOKEN_PATH=")
			out, err := tt.confined.Output(c)
			text := string(out)
			if (err == nil) != (tt.want == "") || !strings.Contains(text, tt.want) {
				t.Errorf("%v: %s\nwant %q", err, text, tt.want)
			}
			if left, _ := os.ReadDir(dir); err != nil && len(left) > 0 {
				t.Errorf("%d things are left", len(left))
			}
		})
	}
}

// TestLoadToken loads an object in a user namespace, with a token for just what it needs, and with
// one for less.
func TestLoadToken(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	if runningKernel(t).Compare(names.Version{Major: 6, Minor: 9}) < 0 {
		t.Skip("there are no tokens before Linux 6.9")
	}
	tests := []struct {
		name      string
		delegated map[string]string
		want      string
	}{
		{"enough", map[string]string{"delegate_cmds": "any", "delegate_maps": "any", "delegate_progs": "any", "delegate_attachs": "any"}, ""},
		{"no programs of the type", map[string]string{"delegate_cmds": "any", "delegate_maps": "any", "delegate_progs": "xdp", "delegate_attachs": "any"}, "token"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, d := range []string{dir, filepath.Dir(dir)} { // root there has no more rights on files than others
				if err := os.Chmod(d, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			c := tool("prog", "loadall", "../internal/elfobj/testdata/data.bpfel.o", filepath.Join(dir, "x"))
			c.Env = append(c.Env, "LIBBPF_BPF_TOKEN_PATH="+dir, delegatedVar+"="+dir)
			out, err := fixture.Confinement{Namespace: true}.OutputDelegated(c, tt.delegated)
			if (err == nil) != (tt.want == "") || !strings.Contains(string(out), tt.want) {
				t.Errorf("%v: %s\nwant %q", err, out, tt.want)
			}
		})
	}
}
