package names_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// targets are what exists in kernels for sections that name something there.
var targets = map[string]string{
	"tp_btf": "sched_switch", "fmod_ret": "bpf_modify_return_test", "lsm": "file_open", "lsm_cgroup": "file_open", "iter": "task",
	"tracepoint": "a/b", "tp": "a/b",
}

// probed returns a section to ask the reference about, or nothing where it needs more than
// a name: a program to replace, a struct.
func probed(name string, more bool) string {
	kind := strings.TrimSuffix(name, ".s")
	switch {
	case kind == "freplace" || kind == "struct_ops":
		return ""
	case !more:
		return name
	case targets[kind] != "":
		return name + "/" + targets[kind]
	}
	return name + "/bpf_fentry_test1"
}

// TestSections compares with what the reference passes to the kernel for each section. It puts
// that into the loaders that it generates.
func TestSections(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool, fixture.Clang)
	var list []string
	for name, more := range names.SectionNames {
		if s := probed(name, more); s != "" {
			list = append(list, s)
		}
	}
	loader, err := loaderFor(t, list)
	if err != nil {
		t.Fatal(err)
	}
	for i, section := range list {
		t.Run(section, func(t *testing.T) {
			got, ok := names.ParseSection("?" + section)
			if !ok {
				t.Fatal("nothing is known about it")
			}
			want := loadOf(t, loader, i)
			var flags uint32
			if got.Sleepable {
				flags |= 1 << 4
			}
			if got.Frags {
				flags |= 1 << 5
			}
			if mine := (load{got.Type, got.Attach, flags}); mine != want || !got.Attaches && want.attach != 0 {
				t.Errorf("got %+v, want %+v", mine, want)
			}
		})
	}
}

// A load is what makes a difference among the arguments of BPF_PROG_LOAD.
type load struct {
	progType names.ProgType
	attach   names.AttachType
	flags    uint32
}

// loaderFor returns the data of a loader for programs in sections. Program i has the name that
// label gives it.
func loaderFor(t *testing.T, sections []string) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintln(&b, `char terms[] __attribute__((section("license"), used)) = "GPL";`)
	for i, s := range sections {
		fmt.Fprintf(&b, "__attribute__((section(%q), used)) int %s(void *ctx) { return 0; }\n", s, label(i))
	}
	dir := t.TempDir()
	source, object := filepath.Join(dir, "s.c"), filepath.Join(dir, "s.o")
	if err := os.WriteFile(source, []byte(b.String()), 0o666); err != nil {
		return nil, err
	}
	clang, _ := fixture.Compiler()
	if out, err := exec.Command(clang, "-target", "bpfel", "-g", "-O2", "-c", source, "-o", object).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	tool, _ := fixture.Reference()
	out, err := exec.Command(tool, "gen", "skeleton", "-L", object).Output()
	if err != nil {
		return nil, err
	}
	_, text, _ := strings.Cut(string(out), "opts_data[]")
	_, text, _ = strings.Cut(text, "\"")
	text, _, ok := strings.Cut(text, "\";")
	if !ok {
		return nil, fmt.Errorf("no data in the loader")
	}
	return unescape(text), nil
}

func label(i int) string { return fmt.Sprintf("section_no_%03d", i) }

// unescape reads a string of C.
func unescape(text string) []byte {
	var b []byte
	for text = strings.ReplaceAll(text, "\\\n", ""); text != ""; {
		if octal := strings.TrimPrefix(text, `\0`); octal != text && (octal == "" || octal[0] < '0' || octal[0] > '7') {
			b, text = append(b, 0), octal
			continue
		}
		c, _, rest, err := strconv.UnquoteChar(text, '"')
		if err != nil {
			return b
		}
		b, text = append(b, byte(c)), rest
	}
	return b
}

// loadOf finds the arguments for program i: its name is among them, after the type and the
// number of its two instructions.
func loadOf(t *testing.T, loader []byte, i int) load {
	name := append([]byte(label(i)), 0, 0)
	const before, flags, attach = 48, 4, 20 // bytes from the name
	for at := 0; ; at++ {
		next := bytes.Index(loader[at:], name)
		if next < 0 {
			t.Fatal("the loader does not load it")
		}
		at += next
		word := func(off int) uint32 { return binary.LittleEndian.Uint32(loader[at+off:]) }
		if at >= before && word(4-before) == 2 {
			return load{names.ProgType(word(-before)), names.AttachType(word(attach)), word(-flags)}
		}
	}
}

// TestUnknownSections compares what is refused.
func TestUnknownSections(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool, fixture.Clang)
	list := []string{"nosuch", "xdp/nosuch", "kprobes", "kprobe.", "socket/1", "tc/", "cgroup/nosuch", "fentry.t/x", "lsm.cgroup"}
	for name, more := range names.SectionNames {
		if !more {
			list = append(list, name+"/more")
		}
	}
	for _, section := range list {
		if _, ok := names.ParseSection(section); ok {
			t.Errorf("%s is known", section)
		}
		if testing.Short() {
			continue
		}
		if _, err := loaderFor(t, []string{section}); err == nil {
			t.Errorf("%s: the reference knows it", section)
		}
	}
}

func TestParseSection(t *testing.T) {
	s, ok := names.ParseSection("?tracepoint/sched/sched_switch")
	if !ok || s.Name != "tracepoint" || s.Rest != "sched/sched_switch" || !s.Auto || s.Target || s.Attaches {
		t.Errorf("got %+v, %v", s, ok)
	}
	for _, name := range []string{"", "?", "/", "kprobe.multi.", "fentry.s.s/x"} {
		if _, ok := names.ParseSection(name); ok {
			t.Errorf("%q is known", name)
		}
	}
}
