package cmd_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/cmd"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

// bpf2goUsers are packages of cilium/ebpf that have code written by bpf2go.
var bpf2goUsers = []string{"./examples/...", "./cmd/bpf2go/test", "./docs/examples/..."}

// TestBpf2goUsers has all code that bpf2go has written for cilium/ebpf written anew, by bpf2go, and by "gen go" in its place,
// changed by that one word: the same files come of it, with the same objects, and programs compile, for both byte orders.
func TestBpf2goUsers(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.Strip, fixture.Modules)
	m := newUsers(t)
	m.removeGenerated()
	m.run("generate")
	want := m.removeGenerated()
	if len(want) < 50 {
		t.Errorf("only %d files", len(want))
	}
	m.changeWord()
	m.run("generate")
	check(t, os.WriteFile(filepath.Join(m.dir, "cmd/bpf2go/test/skeleton_test.go"), []byte(besideTest), 0o666))
	m.run("vet")
	m.with("GOARCH=s390x", "CGO_ENABLED=0").run("vet")
	tests := "TestTypes|TestLoadingSpec"
	if fixture.Has(t, fixture.Root) && fixture.Has(t, fixture.BPF) {
		tests = "."
	}
	m.run("test", "-vet=off", "-run", tests)
	if diff := cmp.Diff(want, m.removeGenerated()); diff != "" {
		t.Errorf("files (-bpf2go +gen go):\n%s", diff)
	}
}

// besideTest uses the skeleton beside what bpf2go writes, and its type for a variable.
const besideTest = `package test

import (
	"errors"
	"testing"
)

type closer func() error

func (c closer) Close() error { return c() }

func TestClose(t *testing.T) {
	closed := 0
	bad := closer(func() error { closed++; return errors.New("bad") })
	if err := _TestClose(bad, bad); err == nil || err.Error() != "bad\nbad" || closed != 2 {
		t.Errorf("%v, %d closed", err, closed)
	}
}

func TestSkeleton(t *testing.T) {
	s, err := OpenTestSkel()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Load(); err != nil {
		t.Fatal(err)
	}
	if err := s.Bss.StructVar.Set(TestSkelBar{A: 7}); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Bss.StructVar.Get(); err != nil || v.A != 7 {
		t.Errorf("%v, %v", v, err)
	}
}
`

// users is a copy of cilium/ebpf, and the environment in which [bpf2goUsers] are made there.
type users struct {
	t           *testing.T
	dir         string
	environment []string
}

// newUsers copies cilium/ebpf. The test is skipped if what it needs is not there.
func newUsers(t *testing.T) *users {
	m := &users{t: t, dir: copyOfCilium(t)}
	compiler, _ := fixture.Compiler()
	m.environment = append(os.Environ(), "PATH="+tools(t)+":"+os.Getenv("PATH"), "BPF2GO_CC="+compiler, "BPF2GO_MAKEBASE="+m.dir, "BPF2GO_CFLAGS=-I/usr/include/x86_64-linux-gnu -I/usr/include/aarch64-linux-gnu", "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := m.command("list", "-deps", "-test").CombinedOutput(); err != nil && !strict() {
		t.Skipf("what cilium/ebpf needs is not there: %v\n%s", err, out)
	}
	return m
}

// copyOfCilium returns a directory with cilium/ebpf in it.
func copyOfCilium(t *testing.T) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cilium/ebpf").Output()
	from := strings.TrimSpace(string(out))
	if err != nil || from == "" {
		t.Skip("the source of cilium/ebpf is not in the cache of modules")
	}
	dir := t.TempDir()
	check(t, os.CopyFS(dir, os.DirFS(from)))
	return dir
}

// with returns the same copy, in an environment with more variables.
func (m *users) with(variables ...string) *users {
	return &users{m.t, m.dir, append(slices.Clone(m.environment), variables...)}
}

// command is one of go, for all users.
func (m *users) command(words ...string) *exec.Cmd {
	c := exec.Command("go", append(words, bpf2goUsers...)...)
	c.Dir, c.Env = m.dir, m.environment
	return c
}

func (m *users) run(words ...string) {
	m.t.Helper()
	if out, err := m.command(words...).CombinedOutput(); err != nil {
		m.t.Fatalf("go %q: %v\n%s", words, err, out)
	}
}

// walk calls a function for all files of the users.
func (m *users) walk(visit func(path string)) {
	for _, user := range bpf2goUsers {
		check(m.t, filepath.WalkDir(filepath.Join(m.dir, strings.TrimSuffix(user, "/...")), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				visit(path)
			}
			return err
		}))
	}
}

// removeGenerated removes the files that bpf2go writes, and returns those of them that do not depend on who writes them, by
// their names; code in Go is there without what it has.
func (m *users) removeGenerated() map[string]string {
	files := make(map[string]string)
	m.walk(func(path string) {
		if !strings.Contains(filepath.Base(path), "_bpfe") {
			return
		}
		text := ""
		if filepath.Ext(path) != ".go" {
			b, err := os.ReadFile(path)
			check(m.t, err)
			text = string(b)
		}
		files[strings.TrimPrefix(path, m.dir+"/")] = text
		check(m.t, os.Remove(path))
	})
	return files
}

// changeWord puts "gen go" in the place of bpf2go, in all lines for go generate.
func (m *users) changeWord() {
	n := 0
	from, to := []byte("//go:generate go tool bpf2go "), []byte("//go:generate gobpftool gen go ")
	m.walk(func(path string) {
		if filepath.Ext(path) != ".go" {
			return
		}
		text, err := os.ReadFile(path)
		check(m.t, err)
		n += bytes.Count(text, from)
		check(m.t, os.WriteFile(path, bytes.ReplaceAll(text, from, to), 0o666))
	})
	if n < 15 {
		m.t.Errorf("only %d lines are for go generate", n)
	}
}

// TestTableOfTests looks for the tests that the page about skeletons names.
func TestTableOfTests(t *testing.T) {
	page, err := os.ReadFile("../docs/skeletons.md")
	check(t, err)
	var all strings.Builder
	check(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	}))
	names := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(page), -1)
	if len(names) < 15 {
		t.Errorf("only %q", names)
	}
	for _, name := range names {
		if !strings.Contains(all.String(), "\nfunc "+name+"(") {
			t.Errorf("there is no %s", name)
		}
	}
}

// goSource is a program of which parts depend on how it is compiled.
const goSource = `
struct event { int pid; char comm[16]; };
struct { int (*type)[1]; int *key; struct event *value; int (*max_entries)[4]; } counts __attribute__((section(".maps"), used));
#ifdef __TARGET_ARCH_x86
const volatile int only_x86 = 1;
#endif
#ifdef FLAG
int flag = FLAG;
#endif
struct odd {
	void *pointer;
	unsigned bits : 3;
	int after_bits;
	struct { char in; };
	union { short first; long second; };
	struct event event, events[2];
	struct { _Bool yes; float number; } inner;
	__int128 _1wide;
} *odd;
enum mood { GOOD, BAD = -1 } mood;
__attribute__((section("socket"), used)) int count(void *ctx) { return mood; }
char gpl[] __attribute__((section("license"), used)) = "GPL";
`

// oddType is struct odd: its members have the names that bpf2go gives to those that it can declare.
const oddType = `type xOdd struct {
	_         structs.HostLayout
	Pointer   uint64
	_         [4]byte
	AfterBits int32
	In        int8
	_         [7]byte
	First     int16
	_         [6]byte
	Event     xEvent
	Events    [2]xEvent
	Inner     struct {
		_      structs.HostLayout
		Yes    bool
		_      [3]byte
		Number float32
	}
	_      [12]byte
	X1wide [16]byte
}
`

// genGo runs "gen go" in a directory with x.c, and returns what it says, and which files are there then.
func genGo(t *testing.T, words ...string) (status int, said string, files []string) {
	object, err := os.ReadFile("../examples/demo/object/demo.bpfel.o")
	check(t, err)
	t.Chdir(t.TempDir())
	check(t, os.WriteFile("x.c", []byte(goSource), 0o666))
	check(t, os.WriteFile("bad.c", []byte("int x = nothing;"), 0o666))
	check(t, os.WriteFile("demo.o", object, 0o666))
	check(t, os.WriteFile("x_bpfel_x86.go", []byte("old"), 0o666))
	check(t, os.WriteFile("x_bpfel.o", []byte("old"), 0o666))
	var out, talk bytes.Buffer
	argv := append([]string{"gobpftool", "gen", "go"}, words...)
	status = cmd.Main(t.Context(), argv, cmd.Streams{In: strings.NewReader(""), Out: &out, Err: &talk})
	entries, err := os.ReadDir(".")
	check(t, err)
	for _, e := range entries {
		files = append(files, e.Name())
	}
	return status, out.String() + talk.String(), files
}

// TestGenGoFails says what is wrong, and writes nothing.
func TestGenGoFails(t *testing.T) {
	fixture.Need(t, fixture.Strip)
	compiler, _ := fixture.Compiler()
	for _, tt := range []struct {
		words  string
		status int
		want   string
	}{
		{"-frob x x.c", 2, "flag provided but not defined: -frob"},
		{"-target", 2, "flag needs an argument: -target"},
		{"x", 2, "IDENT and SOURCE are needed, got: 'x'?"},
		{"x x.c y.c", 2, "there can be one source only, which may include others"},
		{"x x.c -O3", 2, "those of the compiler behind '--', got: '-O3'?"},
		{"1x x.c", 2, "'1x' is no identifier in Go"},
		{"func x.c", 2, "'func' is no identifier in Go"},
		{"-go-package 1 x x.c", 2, "'1' cannot be the name of a package"},
		{"-target sparc x x.c", 2, "-target is some of bpf, bpfel, bpfeb, native"},
		{"-target mipsle x x.c", 2, "got: 'mipsle'?"},
		{"-type a-b x x.c", 2, "names of types have letters, digits and '_' only"},
		{"-type a -type a x x.c", 2, "it is said twice"},
		{"-tags a|b x x.c", 2, "tags have letters"},
		{"_x x.c", 2, "Go passes over files whose names begin with '_'"},
		{"-output-stem .x x x.c", 2, "Go passes over files whose names begin with '.'"},
		{"-output-stem a/b x x.c", 2, "-output-stem is part of the name of a file"},
		{"-output-suffix a/b x x.c", 2, "-output-suffix is part of the name of a file"},
		{"-cflags 'x x x.c", 2, "' is missing"},
		{"-cflags \\ x x.c", 2, "nothing follows the last backslash"},
		{"x x.c -- -MD", 2, "-MD: -makebase has the dependencies written"},
		{"x no.c", 1, "no.c: no such file or directory"},
		{"x bad.c", 1, "compile bad.c for bpfel: "},
		{"x bad.c", 1, "undeclared identifier 'nothing'"},
		{"-cc no-such-clang x x.c", 1, "hint: -cc or $BPF2GO_CC names another compiler"},
		{"-strip no-such-strip x x.c", 1, "there is no no-such-strip"},
		{"-target bpfel,amd64 x x.c", 1, "the objects differ: variable only_x86 is in the one for amd64, but not in that for bpfel"},
		{"-type nobody x x.c", 1, "type nobody: the object has none of that name"},
		{"-output-dir no/where x x.c", 1, "writing 'no/where/x_bpfel.o': No such file or directory"},
	} {
		t.Run(tt.words, func(t *testing.T) {
			t.Setenv("BPF2GO_CC", compiler)
			t.Setenv("GOPACKAGE", "x")
			status, said, files := genGo(t, strings.Fields(tt.words)...)
			if status != tt.status || !strings.Contains(said, tt.want) {
				t.Errorf("exit status %d: %s; want %d: %s", status, said, tt.status, tt.want)
			}
			if old, err := os.ReadFile("x_bpfel.o"); err != nil || string(old) != "old" || len(files) != 5 {
				t.Errorf("%q, %v; files %q", old, err, files)
			}
		})
	}
	t.Setenv("BPF2GO_CC", compiler)
	var out, talk bytes.Buffer
	argv := []string{"gobpftool", "-j", "gen", "go", "-go-package", "x", "-output-dir", t.TempDir(), "x", "bad.c"}
	if cmd.Main(t.Context(), argv, cmd.Streams{Out: &out, Err: &talk}); !json.Valid(out.Bytes()) || talk.Len() > 0 {
		t.Errorf("%s, %s", out.String(), talk.String())
	}
	t.Setenv("GOPACKAGE", "")
	if status, said, _ := genGo(t, "x", "x.c"); status != 2 || !strings.Contains(said, "hint: -go-package says it, or $GOPACKAGE") {
		t.Errorf("exit status %d: %s", status, said)
	}
}

// TestGenGoFlags tells what flags and variables of the environment do.
func TestGenGoFlags(t *testing.T) {
	fixture.Need(t, fixture.Strip)
	compiler, _ := fixture.Compiler()
	for _, tt := range []struct {
		name, words, environment string
		file, has, lacks         string
	}{
		{"the package of the environment", "x x.c", "GOPACKAGE=other", "x_bpfel.go", "package other\n", ""},
		{"a package", "-go-package said x x.c", "GOPACKAGE=other", "x_bpfel.go", "package said\n", ""},
		{"big endian", "x x.c", "", "x_bpfeb.go", "//go:build mips || mips64 || ppc64 || s390x\n", ""},
		{"a processor", "-target arm64 x x.c", "", "x_arm64_bpfel.go", "//go:build arm64\n", ""},
		{"two processors of one kind", "--target=386,amd64 x x.c", "", "x_x86_bpfel.go", "//go:build 386 || amd64\n", ""},
		{"any processor", "-target bpf x x.c", "", "x_bpf.go", "DO NOT EDIT.\n\npackage x\n", ""},
		{"any processor, with tags", "-target bpf -tags linux x x.c", "", "x_bpf.go", "//go:build linux\n", ""},
		{"a macro for the processor", "-target amd64 x x.c", "", "x_x86_bpfel.go", "xVarOnlyX86 ", ""},
		{"tags", "-tags linux,!arm -target amd64 x x.c", "", "x_x86_bpfel.go", "//go:build (386 || amd64) && linux && !arm\n", ""},
		{"public names", "X x.c", "", "x_bpfel.go", "func LoadXObjects(obj any, ", "loadX"},
		{"the skeleton", "X x.c", "", "x_bpfel.go", "func OpenXSkel() (*XSkel, error) {", ""},
		{"types of maps", "x x.c", "", "x_bpfel.go", "type xEvent struct {", ""},
		{"types of variables", "x x.c", "", "x_bpfel.go", "\txMoodBAD  xMood = -1\n", ""},
		{"what bpf2go refuses, and what it does not", "-type odd x x.c", "", "x_bpfel.go", oddType, ""},
		{"no such types", "-no-global-types x x.c", "", "x_bpfel.go", "type xObjects struct {", "type xEvent "},
		{"a type nevertheless", "-no-global-types -type event x x.c", "", "x_bpfel.go", "type xEvent struct {", "type xMood "},
		{"a stem", "-output-stem Y x x.c", "", "Y_bpfel.go", "//go:embed \"Y_bpfel.o\"\n", ""},
		{"a suffix", "-output-suffix _z x x.c", "", "x_bpfel_z.o", "ELF", ""},
		{"a suffix for tests", "x x.c", "GOFILE=x_test.go", "x_bpfel_test.go", "x_bpfel_test.o", ""},
		{"flags", "x x.c -- -DFLAG=1", "", "x_bpfel.go", "xVarFlag ", ""},
		{"flags of the compiler's name", "x x.c", "BPF2GO_CC=CLANG -DFLAG=1", "x_bpfel.go", "xVarFlag ", ""},
		{"warnings", "-target bpfel x x.c -- -DFLAG=1LL<<40", "", "", "warning: ", ""},
		{"flags of the environment", "x x.c", "BPF2GO_CFLAGS='-DFLAG=1'", "x_bpfel.go", "xVarFlag ", ""},
		{"flags before those", "-cflags -DFLAG=1 x x.c -- -UFLAG", "", "x_bpfel.go", "xVarMood ", "xVarFlag "},
		{"DWARF", "-no-strip x x.c", "BPF2GO_STRIP=no-such-strip", "x_bpfel.o", ".debug_info", ""},
		{"no DWARF", "x x.c", "", "x_bpfel.o", ".BTF", ".debug_info"},
		{"a rule for make", "-makebase .. x x.c", "", "x_bpfel.go.d", "x_bpfel.go: \\\n ", ""},
		{"an object", "x demo.o", "", "x_bpfel.go", "//go:build 386 ||", ""},
		{"what is done", "-verbose x x.c", "", "", "wrote x_bpfeb.go\n", ""},
		{"files of old versions of bpf2go", "-verbose -target amd64 x x.c", "", "", "removed x_bpfel_x86.go\n", ""},
		{"help", "-h", "", "", "-no-global-types\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("BPF2GO_CC", compiler)
			t.Setenv("GOPACKAGE", "x")
			if name, value, ok := strings.Cut(tt.environment, "="); ok {
				t.Setenv(name, strings.Replace(value, "CLANG", compiler, 1))
			}
			status, said, files := genGo(t, strings.Fields(tt.words)...)
			text := said
			if tt.file != "" {
				b, err := os.ReadFile(tt.file)
				if err != nil {
					t.Errorf("%v; files %q", err, files)
				}
				text = string(b)
			}
			if status != 0 || !strings.Contains(text, tt.has) || tt.lacks != "" && strings.Contains(text, tt.lacks) {
				t.Errorf("exit status %d: %s\n%q in it, and %q not?\n%.3000s", status, said, tt.has, tt.lacks, text)
			}
		})
	}
}
