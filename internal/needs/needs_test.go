package needs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/bytecode"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// objects are those of the package elfobj, of both byte orders.
const objects = "../elfobj/testdata/*.bpfe?.o"

func TestKernel(t *testing.T) {
	want := map[string]string{ // objects: the oldest kernel, what it brought, what is not known
		"arena":     "6.9: map type arena, instruction addr_space_cast",
		"calls":     "5.17: helper bpf_loop",
		"catches":   "6.7: kfunc bpf_throw",
		"core":      "5.1: instruction jumps by halves of registers: jmp32",
		"data":      "5.2: map flag rdonly_prog, code global variables",
		"externs":   "6.2: kfunc bpf_task_acquire",
		"jumps":     "6.19: code jumps by a table, instruction gotox",
		"legacy":    "5.2: code global variables",
		"library":   "3.19: map type array",
		"linked":    "5.17: helper bpf_loop",
		"maps":      "5.16: map type bloom_filter",
		"slots":     "4.12: map type array_of_maps, map type hash_of_maps",
		"statics":   "5.8: helper bpf_ringbuf_output, map type ringbuf",
		"structops": "6.4: map flag link",
	}
	files, err := filepath.Glob(objects)
	if err != nil || len(files) < 2*len(want) {
		t.Fatal(files, err)
	}
	for _, file := range files {
		o, err := elfobj.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		oldest, because, unsure := Of(o).Kernel()
		got := oldest.String() + ": " + strings.Join(titles(because), ", ")
		if len(unsure) > 0 {
			got += "; " + strings.Join(titles(unsure), ", ")
		}
		if got != want[o.Name] {
			t.Errorf("%s: %q, want %q", filepath.Base(file), got, want[o.Name])
		}
	}
}

func titles(list []Need) (names []string) {
	for _, n := range list {
		names = append(names, n.Kind.String()+" "+n.Name)
	}
	return names
}

// compile returns the object of a source, with options for clang.
func compile(t *testing.T, source string, options ...string) *elfobj.Object {
	fixture.Need(t, fixture.Clang)
	clang, _ := fixture.Compiler()
	path := filepath.Join(t.TempDir(), "test.o")
	cc := exec.Command(clang, append(options, "-x", "c", "-target", "bpfel", "-g", "-O2", "-c", "-o", path, "-")...)
	cc.Stdin = strings.NewReader(source)
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	o, err := elfobj.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestLevel compiles one source for each version of the instruction set.
func TestLevel(t *testing.T) {
	const source = `
__attribute__((section("xdp"), used)) int prog(long *ctx) {
	volatile signed char *bytes = (void *)ctx;
	unsigned a = ctx[0];
	long b = ctx[1], sum = 0;
	if (a < 1000u) sum += bytes[a & 7];
	if (ctx[2] < b) sum += 3;
	return sum + (int)(signed char)b;
}`
	for level, want := range map[int][]string{
		1: nil,
		2: {"jumps if less: jlt, jle, jslt, jsle 4.14"},
		3: {"jumps by halves of registers: jmp32 5.1", "jumps if less: jlt, jle, jslt, jsle 4.14"},
		4: {"jumps by halves of registers: jmp32 5.1", "jumps if less: jlt, jle, jslt, jsle 4.14", "loads with a sign: ldsx 6.6", "moves with a sign: movsx 6.6"},
	} {
		n := Of(compile(t, source, fmt.Sprintf("-mcpu=v%d", level)))
		var got []string
		for _, need := range n.List {
			if need.Kind == Instruction {
				got = append(got, need.Name+" "+need.Since.String())
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" || n.Level() != level {
			t.Errorf("v%d: level %d (-want +got):\n%s", level, n.Level(), diff)
		}
	}
}

// TestWords compares with how the kernel spells instructions.
func TestWords(t *testing.T) {
	for _, tt := range []struct {
		in          bytecode.Insn
		want, spelt string
	}{
		{bytecode.Insn{Code: 0xb7, Dst: 1}, "", "r1 = 0"},
		{bytecode.Insn{Code: 0xbf, Dst: 1, Src: 2}, "", "r1 = r2"},
		{bytecode.Insn{Code: 0xbf, Dst: 1, Src: 2, Off: 8}, "movsx", "r1 = (s8)r2"},
		{bytecode.Insn{Code: 0xbc, Dst: 1, Src: 2, Off: 16}, "movsx", "w1 = (s16)w2"},
		{bytecode.Insn{Code: 0xbf, Dst: 1, Src: 2, Off: 1, Imm: 1 << 16}, "addr_space", "r1 = addr_space_cast(r2, 1, 0)"},
		{bytecode.Insn{Code: 0x37, Dst: 1, Off: 1, Imm: 3}, "sdiv", "r1 s/= 3"},
		{bytecode.Insn{Code: 0x37, Dst: 1, Imm: 3}, "", "r1 /= 3"},
		{bytecode.Insn{Code: 0x9c, Dst: 1, Src: 2, Off: 1}, "sdiv", "w1 s%= w2"},
		{bytecode.Insn{Code: 0xd7, Dst: 1, Imm: 32}, "bswap", "r1 = bswap32 r1"},
		{bytecode.Insn{Code: 0xdc, Dst: 1, Imm: 32}, "", "r1 = be32 r1"},
		{bytecode.Insn{Code: 0x91, Dst: 1, Src: 2}, "ldsx", "r1 = *(s8 *)(r2 +0)"},
		{bytecode.Insn{Code: 0x71, Dst: 1, Src: 2}, "", "r1 = *(u8 *)(r2 +0)"},
		{bytecode.Insn{Code: 0xdb, Dst: 1, Src: 2}, "", "lock *(u64 *)(r1 +0) += r2"},
		{bytecode.Insn{Code: 0xdb, Dst: 1, Src: 2, Imm: 1}, "atomic", "r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)"},
		{bytecode.Insn{Code: 0xdb, Dst: 1, Src: 2, Imm: 0x100}, "acquire", "r1 = load_acquire((u64 *)(r2 +0))"},
		{bytecode.Insn{Code: 0xdb, Dst: 1, Src: 2, Imm: 0x110}, "acquire", "store_release((u64 *)(r1 +0), r2)"},
		{bytecode.Insn{Code: 0xad, Dst: 1, Src: 2, Off: 1}, "jlt", "if r1 < r2 goto pc+1"},
		{bytecode.Insn{Code: 0x2d, Dst: 1, Src: 2, Off: 1}, "", "if r1 > r2 goto pc+1"},
		{bytecode.Insn{Code: 0xd6, Dst: 1, Off: 1}, "jmp32", "if w1 s<= 0x0 goto pc+1"},
		{bytecode.Insn{Code: 0x05, Off: 1}, "", "goto pc+1"},
		{bytecode.Insn{Code: 0x06, Imm: 1}, "gotol", "gotol pc+1"},
		{bytecode.Insn{Code: 0x0d, Dst: 1}, "gotox", "gotox r1"},
		{bytecode.Insn{Code: 0xe5, Off: 1}, "may_goto", "may_goto pc+1"},
		{bytecode.Insn{Code: 0x85, Imm: 1}, "", "call"},
		{bytecode.Insn{Code: 0x95}, "", "exit"},
	} {
		if got := word(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.spelt, got, tt.want)
		}
		if tt.want != "" && features[tt.want].name == "" {
			t.Errorf("%s: no row", tt.want)
		}
		if tt.in.IsCall() {
			continue
		}
		if text := string(bytecode.Append(nil, []bytecode.Insn{tt.in}, 0, nil)); !strings.Contains(text, tt.spelt) {
			t.Errorf("%#x is spelt %q, not %q", tt.in.Code, text, tt.spelt)
		}
	}
}

// TestOptional has what an object may be loaded without.
func TestOptional(t *testing.T) {
	o := compile(t, `
#define SEC(name) __attribute__((section(name)))
char terms[] __attribute__((section("license"), used)) = "GPL";
extern int bpf_iter_num_new(void *it, int start, int end) SEC(".ksyms") __attribute__((weak));
extern const int CONFIG_HZ SEC(".kconfig") __attribute__((weak));
extern const void jiffies SEC(".ksyms");
__attribute__((section("fentry.s/x"), used)) int prog(void *ctx) {
	long it;
	return (bpf_iter_num_new ? bpf_iter_num_new(&it, 0, 1) : CONFIG_HZ) + (long)&jiffies;
}
__attribute__((section("?netfilter"), used)) int other(void *ctx) { return 0; }
__attribute__((section("mine"), used)) int unknown(void *ctx) { return 0; }
`)
	n := Of(o)
	var got []string
	for _, need := range n.List {
		if need.Kind == BTFKind {
			continue
		}
		got = append(got, fmt.Sprintf("%s %s %s %v %s", need.Kind, need.Name, need.Since, need.Optional, strings.Join(need.Where, " ")))
	}
	want := []string{
		"program type that of section mine unknown false unknown",
		"program type tracing 5.5 false prog",
		"attach type trace_fentry 5.5 false prog",
		"program flag sleepable fentry.s 5.10 false prog",
		"kfunc bpf_iter_num_new 6.4 true prog",
		"map type array 3.19 false .kconfig",
		"map flag rdonly_prog 5.2 false .kconfig",
		"map flag mmapable 5.5 true .kconfig",
		"code global variables 5.2 false prog",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]Extern{{"kconfig", "CONFIG_HZ", true}, {"ksym", "jiffies", false}}, n.Externs); diff != "" {
		t.Errorf("externs (-want +got):\n%s", diff)
	}
	if n.Types.Answer != verdict.Yes || n.Nobody.Answer != verdict.No {
		t.Errorf("types %v, nobody %v", n.Types, n.Nobody)
	}
	for _, r := range n.Rights {
		want := map[Capability]verdict.Answer{
			NetAdmin: verdict.Unknown, SysAdmin: verdict.No, SysBoot: verdict.No, Syslog: verdict.Unknown, Perfmon: verdict.Yes, BPF: verdict.Yes,
		}
		if r.Answer != want[r.Capability] {
			t.Errorf("%s: %v, want %v", r.Capability, r.Verdict, want[r.Capability])
		}
	}
}

// FuzzOf reads what may be no object at all.
func FuzzOf(f *testing.F) {
	files, _ := filepath.Glob(objects)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := elfobj.Read(data)
		if err != nil {
			return
		}
		n := Of(o)
		n.Kernel()
		n.Level()
	})
}

// TestTypes has a function that programs of two types come to, and one that only one does.
func TestTypes(t *testing.T) {
	o := compile(t, `
static __attribute__((noinline)) long both(void) { return ((long (*)(void))5)(); }
__attribute__((section("xdp"), used)) int first(void *ctx) { return both() > 1; }
__attribute__((section("tc"), used)) int second(void *ctx) { return both() + ((long (*)(void))7)(); }
`)
	var got []string
	for _, need := range Of(o).List {
		if need.Kind == Helper {
			got = append(got, fmt.Sprint(need.Name, need.Types))
		}
	}
	if diff := cmp.Diff([]string{"bpf_get_prandom_u32[sched_cls]", "bpf_ktime_get_ns[sched_cls xdp]"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
