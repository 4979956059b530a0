package object

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// rights are answers of which some are yes, for some capabilities.
func rights(attach, unsure needs.Capability, given ...needs.Capability) *needs.Needs {
	n := new(needs.Needs)
	for _, c := range []needs.Capability{needs.NetAdmin, needs.SysAdmin, needs.SysBoot, needs.Syslog, needs.Perfmon, needs.BPF} {
		r := needs.Right{Capability: c, Verdict: verdict.Verdict{Answer: verdict.No}, Attach: c == attach}
		if slices.Contains(given, c) {
			r.Answer = verdict.Yes
		}
		if c == unsure {
			r.Verdict = verdict.Verdict{Evidence: "a name\nCapabilityBoundingSet=CAP_SYS_MODULE"}
		}
		n.Rights = append(n.Rights, r)
	}
	return n
}

var readyCases = []struct {
	name  string
	needs *needs.Needs
	want  []string // what is granted, without CAP_
	perf  bool
}{
	{"one", rights(0, 0, needs.BPF), []string{"BPF"}, false},
	{"several", rights(0, 0, needs.NetAdmin, needs.Perfmon, needs.BPF), []string{"NET_ADMIN", "PERFMON", "BPF"}, true},
	{"to attach", rights(needs.NetAdmin, 0, needs.NetAdmin, needs.BPF), []string{"NET_ADMIN", "BPF"}, false},
	{"unsure", rights(0, needs.Perfmon, needs.BPF), []string{"BPF"}, false},
	{"all", rights(0, 0, needs.SysAdmin), []string{"SYS_ADMIN"}, false},
}

// TestReady reads the texts as those do that they are for.
func TestReady(t *testing.T) {
	for _, tt := range readyCases {
		t.Run(tt.name, func(t *testing.T) {
			r := readyFor("x\n[Service]\nUser=root.o", tt.needs)
			for name, got := range map[string][]string{
				"AmbientCapabilities":   systemdList(t, r.Systemd, "AmbientCapabilities"),
				"CapabilityBoundingSet": systemdList(t, r.Systemd, "CapabilityBoundingSet"),
				"docker":                dockerList(t, r.Docker),
				"kubernetes":            kubernetesList(t, r.Kubernetes),
			} {
				if !slices.Equal(got, tt.want) {
					t.Errorf("%s grants %q, want %q", name, got, tt.want)
				}
			}
			for _, text := range []string{r.Systemd, r.Docker, r.Kubernetes} {
				note := strings.Contains(text, "\n# Only attaching its programs takes CAP_NET_ADMIN.\n")
				if note != (tt.name == "to attach") {
					t.Errorf("what only attaching takes: %t\n%s", note, text)
				}
			}
			if got := strings.Contains(r.Systemd, "perf_event_open"); got != tt.perf {
				t.Errorf("perf_event_open is let through: %v", got)
			}
		})
	}
}

// systemdList returns the capabilities of a setting of a drop-in, every line of which is a
// comment, the section or a setting.
func systemdList(t *testing.T, text, setting string) (list []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch key, value, ok := strings.Cut(line, "="); {
		case strings.HasPrefix(line, "#"), line == "[Service]":
		case !ok || !slices.Contains([]string{"AmbientCapabilities", "CapabilityBoundingSet", "NoNewPrivileges", "LimitMEMLOCK"}, key):
			t.Errorf("line %q", line)
		case key == setting:
			if list != nil {
				t.Errorf("two lines %s", key)
			}
			for _, c := range strings.Fields(value) {
				list = append(list, strings.TrimPrefix(c, "CAP_"))
			}
		}
	}
	return list
}

// dockerList returns the capabilities of the only command.
func dockerList(t *testing.T, text string) (list []string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		rest, ok := strings.CutPrefix(line, "docker run --cap-drop ALL")
		if !ok || list != nil {
			t.Errorf("line %q", line)
		}
		words := strings.Fields(rest)
		for i, w := range words {
			if w == "--cap-add" {
				list = append(list, words[i+1])
			}
		}
	}
	return list
}

var kubernetesText = regexp.MustCompile(`\A(?:#.*\n)+securityContext:
  allowPrivilegeEscalation: (true|false)
  capabilities:
    drop:
      - ALL
    add:
((?:      - [A-Z_]+\n)+)\z`)

// kubernetesList returns the capabilities of a security context. A container with SYS_ADMIN must
// allow the escalation of privileges.
func kubernetesList(t *testing.T, text string) (list []string) {
	m := kubernetesText.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("not a security context:\n%s", text)
	}
	for line := range strings.Lines(m[2]) {
		list = append(list, strings.TrimSpace(strings.TrimPrefix(line, "      - ")))
	}
	if admin := slices.Contains(list, "SYS_ADMIN"); admin != (m[1] == "true") {
		t.Errorf("allowPrivilegeEscalation is %s", m[1])
	}
	return list
}

// TestReadyVerified lets systemd and Docker read their texts, where they are.
func TestReadyVerified(t *testing.T) {
	for _, tt := range readyCases {
		r := readyFor("x.o", tt.needs)
		t.Run(tt.name+"/systemd", func(t *testing.T) {
			if _, err := exec.LookPath("systemd-analyze"); err != nil {
				t.Skip(err)
			}
			// Drop-ins beside a unit are not read, so this is part of one.
			unit := filepath.Join(t.TempDir(), "x.service")
			for text, good := range map[string]bool{r.Systemd: true, strings.Replace(r.Systemd, "Ambient", "Ambience", 1): false} {
				if err := os.WriteFile(unit, []byte("[Service]\nExecStart=/bin/true\n"+text), 0o666); err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command("systemd-analyze", "verify", "--man=no", unit).CombinedOutput()
				if err != nil || good == strings.Contains(string(out), unit) {
					t.Errorf("%v\n%s", err, out)
				}
			}
		})
		t.Run(tt.name+"/docker", func(t *testing.T) {
			if _, err := exec.LookPath("docker"); err != nil {
				t.Skip(err)
			}
			lines := strings.Split(strings.TrimSpace(r.Docker), "\n")
			words := strings.Fields(strings.Replace(lines[len(lines)-1], "IMAGE", "image", 1))
			// With nobody to do it, options that are not understood are told first.
			c := exec.Command(words[0], words[1:]...)
			c.Env = append(os.Environ(), "DOCKER_HOST=unix:///nonexistent/docker.sock")
			out, err := c.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "nonexistent/docker.sock") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
