package audit

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/replay"
	"github.com/gobpftool/gobpftool/internal/survey"
)

var update = flag.Bool("update", false, "write what is found of the kernels that were recorded")

// recorded returns what a recording tells of a kernel. What it does not tell is not known.
func recorded(t *testing.T, k replay.Kernel) *State {
	t.Helper()
	not := func(from string) Source { return Source{From: from, Unread: notRecorded} }
	s := &State{
		Kernel: Text{Source{From: osrelease}, k.Release}, Lockdown: Text{Source: not(lockdown)}, Modules: List{Source: not(modulesList)},
		Memlock: Memlock{Source: not("getrlimit(RLIMIT_MEMLOCK)")}, Types: Types{Size{Source: not(kernelTypes)}, Modules{Source: not(loaded)}},
		Mounts: Mounts{Source: not(mountTable)}, Caller: Caller{Source: not(procSelf)}, Config: Config{Source: not("/boot/config-" + k.Release)},
	}
	found, err := survey.Read([]byte(k.Files[replay.JSON]))
	if err != nil {
		t.Fatal(err)
	}
	s.Answer(found)
	var probe struct {
		System map[string]any `json:"system_config"`
	}
	if err := json.Unmarshal([]byte(k.Files[replay.JSON]), &probe); err != nil {
		t.Fatal(err)
	}
	for _, o := range options {
		value, ok := probe.System[o.Name]
		if !ok {
			continue
		}
		s.Config.Source, s.Config.From = Source{}, "/boot/config-"+k.Release
		v := Value{Name: o.Name}
		if text, ok := value.(string); ok {
			v.Value = &text
		}
		s.Config.Options = append(s.Config.Options, v)
	}
	s.recordedSettings(probe.System, k.Files[replay.Settings])
	return s
}

// recordedSettings adds settings by what "feature probe" says, and by lines PATH:VALUE.
func (s *State) recordedSettings(probe map[string]any, lines string) {
	files := make(map[string]string)
	for line := range strings.Lines(lines) {
		path, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		files[path] = value
	}
	for _, name := range settingNames {
		set := Setting{Name: name, Source: Source{From: settingPath(name)}}
		if n, err := strconv.ParseInt(files[set.From], 10, 64); err == nil {
			set.Value = &n
		} else if n, ok := probe[name[strings.LastIndex(name, ".")+1:]].(float64); ok && n >= 0 {
			value := int64(n)
			set.Value = &value
		} else {
			set.Unread = notRecorded
		}
		s.Settings = append(s.Settings, set)
	}
	if text := files[modulesList]; text != "" {
		s.Modules = List{Source{From: modulesList}, strings.Split(text, ",")}
	}
	if _, mode, ok := strings.Cut(files[lockdown], "["); ok {
		mode, _, _ = strings.Cut(mode, "]")
		s.Lockdown = Text{Source{From: lockdown}, mode}
	}
}

// TestKernels audits the kernels that were recorded. What is found stands in a file that is to be read when it
// changes:
//
//	go test ./internal/audit -run TestKernels -update
func TestKernels(t *testing.T) {
	list := replay.Kernels(t)
	if len(list) < 12 {
		t.Fatalf("%d kernels", len(list))
	}
	const path = "testdata/kernels.txt"
	got := table(t, list)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-has +found):\n%s", path, diff)
	}
}

// table has a line for each finding with a column for each kernel, and below what does not pass, in words.
func table(t *testing.T, list []replay.Kernel) string {
	var head, grid, words, none strings.Builder
	head.WriteString("What is found of kernels that were recorded. The settings are those that nobody has set.\n\n")
	fmt.Fprintf(&grid, "%40s", "")
	findings := make([][]Finding, len(list))
	for i, k := range list {
		fmt.Fprintf(&head, "%2d  %s\n", i+1, k.Release)
		fmt.Fprintf(&grid, "  %4d", i+1)
		findings[i] = Judge(recorded(t, k))
	}
	grid.WriteString("\n")
	marks := map[Level]string{Pass: "pass", Note: "note", Warn: "WARN", Fail: "FAIL", Unknown: "?"}
	for n, first := range findings[0] {
		line := fmt.Sprintf("%-40s", first.ID)
		known := false
		said := make(map[string][]string)
		var order []string
		for i := range findings {
			f := findings[i][n]
			line += fmt.Sprintf("  %4s", marks[f.Level])
			if f.Level == Unknown {
				continue
			}
			known = true
			text := fmt.Sprintf("%s: %s: %s\n\tseen: %s\n", f.ID, f.Level, f.What, f.Evidence)
			if f.Level == Pass && !strings.Contains(f.What, "brought") {
				continue
			}
			if !slices.Contains(order, text) {
				order = append(order, text)
			}
			said[text] = append(said[text], strconv.Itoa(i+1))
		}
		if !known {
			none.WriteString("\t" + first.ID + "\n")
			continue
		}
		grid.WriteString(line + "\n")
		for _, text := range order {
			fmt.Fprintf(&words, "%s\ton:   %s\n", text, strings.Join(said[text], " "))
		}
	}
	return head.String() + "\n" + grid.String() + "\nWhat does not pass, and what does by luck:\n\n" + words.String() + "\nNot recorded:\n\n" + none.String()
}
