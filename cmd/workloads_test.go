package cmd_test

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// A loaded object is where its programs and its maps are pinned.
type loaded struct{ progs, maps string }

// files returns what is pinned in a directory, in order.
func files(t *testing.T, dir string) (paths []string) {
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		paths = append(paths, filepath.Join(dir, e.Name()))
	}
	return paths
}

// An answered command is one of a batch.
type answered struct {
	Command []string
	Output  json.RawMessage
}

// compareLoads compares what both tools list of two loads of an object: of one load both list the
// same, and what each lists of both is the same but for numbers of objects.
func compareLoads(w *worker, theirs, ours loaded) {
	t := w.t
	t.Helper()
	file := filepath.Join(w.dir, "commands")
	commands := append(theirs.commands(t), ours.commands(t)...)
	check(t, os.WriteFile(file, []byte(strings.Join(commands, "\n")+"\n"), 0o666))
	tool, _ := fixture.Reference()
	check(t, w.exec(exec.Command(tool, "-j", "batch", "file", file)))
	byReference := w.answers()
	w.gobpftool([]string{"-j", "batch", "file", file})
	byTool := w.answers()
	if len(byReference) != len(commands) || len(byTool) != len(commands) {
		t.Fatalf("%d and %d answers to %d commands", len(byReference), len(byTool), len(commands))
	}
	for i, a := range byTool {
		command := differences.Command(a.Command)
		if diff := shared().Compare(command, string(byReference[i].Output), string(a.Output)); diff != "" {
			t.Errorf("%s: %s", command, diff)
		}
	}
	half := len(commands) / 2
	for _, answers := range [][]answered{byReference, byTool} {
		if diff := cmp.Diff(plainly(answers[:half]), plainly(answers[half:])); diff != "" {
			t.Errorf("loads differ: -reference +tool:\n%s", diff)
		}
	}
	if !slices.Equal(codes(t, theirs), codes(t, ours)) {
		t.Error("the instructions of the programs differ")
	}
}

// commands are those that list what is loaded: maps first, as their names stand for their IDs.
func (l loaded) commands(t *testing.T) (list []string) {
	for _, m := range files(t, l.maps) {
		list = append(list, "map show pinned "+m)
		if variables.MatchString(m) {
			list = append(list, "map dump pinned "+m)
		}
	}
	for _, p := range files(t, l.progs) {
		list = append(list, "prog show pinned "+p)
		if !inGuest() { // where reading /proc/kallsyms takes seconds; there [codes] must do
			list = append(list, "prog dump xlated pinned "+p)
		}
	}
	return list
}

// variables matches the paths of maps of variables.
var variables = regexp.MustCompile(`_(data|rodata|bss|kconfig)$`)

// answers returns the answers to a batch.
func (s *script) answers() (list []answered) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.stdout), &list); err != nil {
		s.t.Fatalf("%v in %.1000s", err, s.stdout)
	}
	return list
}

var (
	mapID  = regexp.MustCompile(`^\{"id":([0-9]+),.*?"name":"([^"]*)"`)
	number = regexp.MustCompile(`"(id|btf_id|loaded_at|run_time_ns|run_cnt)":[0-9]+`)
	inList = regexp.MustCompile(`"map_ids":\[[0-9,]*\]`)
	inCode = regexp.MustCompile(`map\[id:([0-9]+)\]`)
	digits = regexp.MustCompile(`[0-9]+`)
)

// plainly returns answers about a load, with names of maps in the place of their IDs, and without
// what is another for every load.
func plainly(answers []answered) (list []string) {
	names := make(map[string]string)
	name := func(id string) string { return "map " + names[id] }
	for _, a := range answers {
		text := string(a.Output)
		if m := mapID.FindStringSubmatch(text); m != nil && a.Command[0] == "map" {
			names[m[1]] = m[2]
		}
		text = inList.ReplaceAllStringFunc(text, func(s string) string { return digits.ReplaceAllStringFunc(s, name) })
		text = inCode.ReplaceAllStringFunc(text, func(s string) string { return digits.ReplaceAllStringFunc(s, name) })
		list = append(list, strings.Join(a.Command[:2], " ")+" "+filepath.Base(a.Command[len(a.Command)-1])+": "+number.ReplaceAllString(text, `"$1":0`))
	}
	return list
}

// codes returns the instructions of programs, without the numbers of maps.
func codes(t *testing.T, l loaded) (list []string) {
	for _, path := range files(t, l.progs) {
		list = append(list, withoutMaps(xlated(t, path)))
	}
	return list
}

// xlated returns the instructions of a pinned program.
func xlated(t *testing.T, path string) []byte {
	t.Helper()
	fd, _, err := bpf.OpenPinned(path)
	check(t, err)
	defer fd.Close()
	info, err := bpf.ReadProgInfo(fd)
	check(t, err)
	code, err := bpf.ReadProgCode(fd, &info)
	check(t, err)
	return code.Xlated
}

// withoutMaps takes the numbers of maps out of instructions, and addresses in the kernel, which are others where
// something is made anew for each load.
func withoutMaps(code []byte) string {
	code = slices.Clone(code)
	for at := 0; at+16 <= len(code); at += 8 {
		const wide = 0x18 // BPF_LD | BPF_IMM | BPF_DW
		source, top := code[at+1]>>4, binary.NativeEndian.Uint32(code[at+12:])>>24
		switch {
		case code[at] != wide:
		case source == 1, source == 2:
			clear(code[at+4 : at+8])
		case top == 0xff:
			clear(code[at+4 : at+8])
			clear(code[at+12 : at+16])
		}
	}
	return string(code)
}
