package core_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// symbolTexts has a line for each symbol, and why it is not there.
func symbolTexts(o *elfobj.Object, to *core.Target) string {
	var b strings.Builder
	for _, s := range core.Symbols(o, to) {
		fmt.Fprintf(&b, "%v %s: %v", s.Kind, s.Name, s.Answer)
		if s.Optional {
			b.WriteString(", optional")
		}
		if s.Program != nil {
			fmt.Fprintf(&b, ", %s", s.Program.Name)
		}
		if s.Func != nil && s.Func != s.Program {
			fmt.Fprintf(&b, " > %s", s.Func.Name)
		}
		if s.Line != nil {
			fmt.Fprintf(&b, ", line %d", s.Line.Line)
		}
		b.WriteByte('\n')
		if s.Reason != nil {
			fmt.Fprintf(&b, "\t%s\n", s.Reason.Cause)
			if s.Reason.Help != "" {
				fmt.Fprintf(&b, "\t%s\n", s.Reason.Help)
			}
		}
	}
	return b.String()
}

// withDriver is the kernel of testdata for an object's byte order, with a module that has a
// function.
func withDriver(t testing.TB) *core.Target {
	t.Helper()
	path := filepath.Join("testdata", "symbols.bpfel.btf")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	base := kernel(t, "symbols.bpfel")
	n := base.Len()
	dump := fmt.Sprintf("[%d] FUNC_PROTO '(anon)' ret_type_id=0 vlen=0\n[%d] FUNC 'driver_function' type_id=%d linkage=static", n, n+1, n)
	split, err := btf.Parse(fixture.BTF(t, dump, raw), base)
	if err != nil {
		t.Fatal(err)
	}
	return core.NewTarget(base, []core.Module{{Name: "driver", Spec: split}})
}

// TestSymbols compares what is said of each symbol with a file that people have read.
func TestSymbols(t *testing.T) {
	var b strings.Builder
	add := func(what, text string) { fmt.Fprintf(&b, "# %s\n\n%s\n", what, text) }
	o := object(t, "symbols.bpfel")
	add("What an object finds by its name, and a kernel without modules", symbolTexts(o, target(t, "symbols.bpfel")))
	add("The same kernel with a module", symbolTexts(o, withDriver(t)))
	add("A kernel whose types tell of no functions", symbolTexts(o, withModule(t)))
	path := filepath.Join("testdata", "symbols.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-%s +now; -update writes it anew):\n%s", path, diff)
	}
	big, little := symbolTexts(object(t, "symbols.bpfeb"), target(t, "symbols.bpfeb")), symbolTexts(o, target(t, "symbols.bpfel"))
	if diff := cmp.Diff(little, big); diff != "" {
		t.Errorf("in the other byte order (-little +big):\n%s", diff)
	}
}

// wanting is how libbpf begins to complain that a kernel has not something of a name, or not
// as the object declares it.
var wanting = regexp.MustCompile(`libbpf: (extern \((func|var) ksym\)|prog '\w+': failed to find kernel BTF type ID|struct_ops init_kern: struct bpf_struct_ops_\w+ is not found|failed to find BTF for extern)`)

// TestSymbolsLibbpf loads objects on this kernel, and compares what libbpf does not find.
func TestSymbolsLibbpf(t *testing.T) {
	fixture.Need(t, fixture.ReferenceTool, fixture.Root, fixture.BPF, fixture.Isolation, fixture.Clang)
	tool, _ := fixture.Reference()
	spec, err := btf.Open("/sys/kernel/btf/vmlinux", nil)
	if err != nil {
		t.Fatal(err)
	}
	to := core.NewTarget(spec, nil)
	for name, source := range map[string]string{
		"kfunc":               `extern int bpf_nosuch(void) __ksym; SEC("tp_btf/sched_switch") int f(void *c) { return bpf_nosuch(); }`,
		"kfunc of optional":   `extern int bpf_nosuch(void) __ksym; SEC("?tp_btf/sched_switch") int f(void *c) { return bpf_nosuch(); }`,
		"kfunc, otherwise":    `extern int bpf_task_acquire(int x) __ksym; SEC("tp_btf/sched_switch") int f(void *c) { return bpf_task_acquire(1); }`,
		"weak kfunc":          `extern int bpf_nosuch(void) __ksym __weak; SEC("tp_btf/sched_switch") int f(void *c) { return bpf_nosuch ? bpf_nosuch() : 0; }`,
		"weak, otherwise":     `extern int bpf_task_acquire(int x) __ksym __weak; SEC("tp_btf/sched_switch") int f(void *c) { return bpf_task_acquire ? bpf_task_acquire(1) : 0; }`,
		"variant":             `extern void bpf_rcu_read_lock___new(void) __ksym; extern void bpf_rcu_read_unlock(void) __ksym; SEC("tp_btf/sched_switch") int f(void *c) { bpf_rcu_read_lock___new(); bpf_rcu_read_unlock(); return 0; }`,
		"variable":            `extern const struct rq runqueues __ksym; SEC("raw_tp/sched_switch") int f(void *c) { return !&runqueues; }`,
		"no variable":         `extern const int nosuch __ksym; SEC("raw_tp/sched_switch") int f(void *c) { return nosuch; }`,
		"variable, otherwise": `extern const int runqueues __ksym; SEC("raw_tp/sched_switch") int f(void *c) { return runqueues; }`,
		"weak variable":       `extern const int nosuch __ksym __weak; SEC("raw_tp/sched_switch") int f(void *c) { return &nosuch ? nosuch : 0; }`,
		"weak, as otherwise":  `extern const int runqueues __ksym __weak; SEC("raw_tp/sched_switch") int f(void *c) { return &runqueues ? runqueues : 0; }`,
		"undeclared":          `extern int nosuch(void); SEC("socket") int f(void *c) { return nosuch(); }`,
		"event":               `SEC("tp_btf/sched_switch") int f(void *c) { return 0; }`,
		"no event":            `SEC("tp_btf/nosuch") int f(void *c) { return 0; }`,
		"no function":         `SEC("fentry/nosuch") int f(void *c) { return 0; }`,
		"no module":           `SEC("fentry/nosuch:schedule") int f(void *c) { return 0; }`,
		"the kernel itself":   `SEC("fentry/vmlinux:schedule") int f(void *c) { return 0; }`,
		"not the kernel":      `SEC("fexit/vmlinux:nosuch") int f(void *c) { return 0; }`,
		"hook":                `SEC("lsm/file_open") int f(void *c) { return 0; }`,
		"no hook":             `SEC("lsm.s/nosuch") int f(void *c) { return 0; }`,
		"iterator":            `SEC("iter/task") int f(void *c) { return 0; }`,
		"no iterator":         `SEC("iter.s/nosuch") int f(void *c) { return 0; }`,
		"functions":           `struct nosuch_ops { int (*f)(void); }; SEC("struct_ops") int f(void *c) { return 0; } SEC(".struct_ops") struct nosuch_ops o = {(void *)f};`,
		"optional functions":  `struct nosuch_ops { int (*f)(void); }; SEC("?struct_ops") int f(void *c) { return 0; } SEC("?.struct_ops") struct nosuch_ops o = {(void *)f};`,
	} {
		t.Run(name, func(t *testing.T) {
			path := compile(t, source)
			out, _ := exec.Command(tool, "prog", "loadall", path, filepath.Join(fixture.BPFFS(), "symbols")).CombinedOutput() // most are refused
			os.RemoveAll(filepath.Join(fixture.BPFFS(), "symbols"))
			o, err := elfobj.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			missing := slices.ContainsFunc(core.Symbols(o, to), func(s core.Symbol) bool { return s.Answer != verdict.Yes && !s.Optional })
			if libbpf := wanting.Match(out); missing != libbpf {
				t.Errorf("missing: %t, libbpf's opinion: %t\n%s\n%s", missing, libbpf, symbolTexts(o, to), out)
			}
		})
	}
}

// compile makes an object of a piece of C.
func compile(t *testing.T, source string) string {
	t.Helper()
	const head = "#define SEC(name) __attribute__((section(name), used))\n#define __ksym __attribute__((section(\".ksyms\")))\n#define __weak __attribute__((weak))\nstruct rq { int x; };\nchar _license[] SEC(\"license\") = \"GPL\";\n"
	path := filepath.Join(t.TempDir(), "a.bpf.o")
	compiler, _ := fixture.Compiler()
	cmd := exec.Command(compiler, "-target", "bpf", "-mcpu=v3", "-g", "-O2", "-Wno-tautological-pointer-compare", "-Wno-pointer-bool-conversion", "-x", "c", "-c", "-o", path, "-")
	cmd.Stdin = strings.NewReader(head + source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return path
}
