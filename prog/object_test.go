package prog

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// objects are those of package elfobj: each has a twin in the other byte order.
const objects = "../internal/elfobj/testdata"

// TestObjectReferences spells what the instructions of objects refer to. What is wanted
// was taken from their sources.
func TestObjectReferences(t *testing.T) {
	tests := []struct {
		object, program string
		want            []string
	}{
		{"calls", "callbacks", []string{
			"(18) r2 = subprog[+20] <other>", "(18) r2 = subprog[+40] <each>", "(85) call pc+40#weak", "(85) call bpf_loop#181",
		}},
		{"data", "", []string{
			"(18) r1 = map[name:.data][0]+0 <counter>", "(18) r1 = map[name:.rodata][0]+4 <message>",
			"(18) r1 = map[name:.data][0]+32 <use.calls>", "(18) r2 = map[name:.data.custom][0]+0 <custom>",
		}},
		{"externs", "", []string{
			"(18) r2 = kconfig[name:LINUX_KERNEL_VERSION]", "(18) r1 = ksym[name:runqueues]",
			"(85) call bpf_task_acquire", "(18) r2 = ksym[name:no_such_symbol]",
		}},
		{"maps", "", []string{"(18) r1 = map[name:typed]", "(85) call bpf_map_lookup_elem#1"}},
		{"core", "", []string{
			"; CO-RE: type_exists of struct task_struct, 0", "; CO-RE: enumval_value of enum state, 1",
			"; CO-RE: byte_sz of struct task_struct, 0:2",
		}},
		{"jumps", "", []string{"(18) r2 = table[9,29,19,24,14,34,39]"}},
		{"legacy", "", []string{"(18) r1 = map[name:array]", "(85) call pc+1#sum"}},
		{"arena", "", []string{"(18) r1 = map[name:arena][0]+4 <two>"}},
	}
	for _, tt := range tests {
		t.Run(tt.object, func(t *testing.T) {
			text := listObject(t, tt.object+".bpfel.o", tt.program, style{})
			for _, want := range tt.want {
				if !strings.Contains(text, want+"\n") {
					t.Errorf("%q is missing in\n%s", want, text)
				}
			}
		})
	}
}

// listObject lists all programs of an object, or one function.
func listObject(t *testing.T, object, program string, s style) string {
	t.Helper()
	o, err := elfobj.Open(filepath.Join(objects, object))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	for _, f := range append(o.Programs, o.Funcs...) {
		if program != "" && f.Name != program {
			continue
		}
		l, err := unloaded{o, f}.listing(s)
		if err != nil {
			t.Fatal(err)
		}
		l.Plain(w)
	}
	w.Flush()
	if b.Len() == 0 {
		t.Fatalf("%s: nothing is listed", object)
	}
	return b.String()
}

// TestByteOrders lists objects in both byte orders, which must look the same.
func TestByteOrders(t *testing.T) {
	little, err := filepath.Glob(objects + "/*.bpfel.o")
	if err != nil || len(little) < 10 {
		t.Fatalf("%d objects, %v", len(little), err)
	}
	for _, path := range little {
		name := filepath.Base(path)
		twin := strings.Replace(name, "bpfel", "bpfeb", 1)
		if name == "core.bpfel.o" {
			continue // bitfields are cut out in another way
		}
		// Byte swaps are not the same by nature.
		if a, b := swaps.ReplaceAllString(listObject(t, name, "", style{linum: true}), ""), swaps.ReplaceAllString(listObject(t, twin, "", style{linum: true}), ""); a != b {
			t.Errorf("%s and its twin differ:\n%s\n%s", name, a, b)
		}
	}
}

var swaps = regexp.MustCompile(`(?m)^.*(bswap|be16|le16|be32|le32|be64|le64).*\n`)

// TestObjectAsReference compares what is spelled of objects with what the reference says of
// the same instructions, but for what they refer to.
func TestObjectAsReference(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation, fixture.ReferenceTool, fixture.Clang)
	f := newFeeder(t)
	little, err := filepath.Glob(objects + "/*.bpfel.o")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range little {
		o, err := elfobj.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range o.Programs {
			u := unloaded{o, p}
			l, err := u.listing(style{})
			if err != nil {
				t.Fatal(err)
			}
			l.funcs, l.lines, l.needs = nil, nil, nil
			var b bytes.Buffer
			w := bufio.NewWriter(&b)
			l.Plain(w)
			w.Flush()
			theirs, ours := strings.Split(f.dump(u.code()), "\n"), strings.Split(b.String(), "\n")
			if len(theirs) != len(ours) {
				t.Errorf("%s: %s: %d lines, want %d", path, p.Name, len(ours), len(theirs))
				continue
			}
			for i := range ours {
				if !refers.MatchString(ours[i]) && ours[i] != theirs[i] {
					t.Errorf("%s: %s: %q, want %q", path, p.Name, ours[i], theirs[i])
				}
				n++
			}
		}
	}
	if n < 300 {
		t.Errorf("%d instructions", n)
	}
}

// refers matches lines about what objects refer to.
var refers = regexp.MustCompile(`\(18\)|\(85\) call (pc|[a-z_]+$)`)

// TestObjectsThatAreNone says what is wrong in a sentence.
func TestObjectsThatAreNone(t *testing.T) {
	dir := t.TempDir()
	whole, err := os.ReadFile(filepath.Join(objects, "calls.bpfel.o"))
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(dir, "half.o")
	if err := os.WriteFile(half, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ path, want string }{
		{half, `^ELF header: \d+ section headers at 0x[0-9a-f]+, but the file ends at 0x[0-9a-f]+$`},
		{"object_test.go", `^not an ELF file$`},
		{"/proc/self/exe", `^an ELF file for another machine, \w+, not for BPF$`},
	}
	for _, tt := range tests {
		_, err := elfobj.Open(tt.path)
		if err == nil || !regexp.MustCompile(tt.want).MatchString(err.Error()) {
			t.Errorf("%s: %v, want %q", tt.path, err, tt.want)
		}
	}
}

// TestStrangersListing keeps what objects say from commanding a terminal.
func TestStrangersListing(t *testing.T) {
	insns, err := bytecode.Decode([]byte{0x95, 0, 0, 0, 0, 0, 0, 0}, binary.LittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	l := &listing{
		insns: insns, names: &references{},
		funcs: []function{{0, "evil\x1b[2J"}},
		lines: []line{{known: true, text: "\treturn\t0; /* \x1b]0;owned\a größer */"}},
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	(&ObjectHeading{"na\x1bme", "sec\ntion"}).Plain(w)
	strangersListing{l}.Plain(w)
	w.Flush()
	want := "name na\ufffdme  section sec tion\nevil?[2J:\n; return\t0; /* ?]0;owned? größer */\n   0: (95) exit\n"
	if got := b.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
