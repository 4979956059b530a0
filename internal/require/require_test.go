package require

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/survey"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

// kernel is a survey with every answer.
func kernel() *survey.Survey {
	row := func(k survey.Kind, name, of string, a verdict.Answer) survey.Row {
		return survey.Row{Kind: k, Name: name, For: of, Answer: a, Calls: verdict.Verdict{Answer: a, Evidence: "seen"}}
	}
	return &survey.Survey{
		Form: survey.Form, Kernel: "6.1.0-56", Version: names.Version{Major: 6, Minor: 1}, Options: map[string]string{"CONFIG_BPF": "y", "CONFIG_NET_CLS_BPF": "m"},
		Rows: []survey.Row{
			row(survey.ProgType, "xdp", "", verdict.Yes), row(survey.ProgType, "netfilter", "", verdict.No),
			row(survey.ProgType, "kprobe", "", verdict.Denied), row(survey.MapType, "arena", "", verdict.Unknown),
			row(survey.Helper, "bpf_loop", "xdp", verdict.Yes), row(survey.Helper, "bpf_loop", "kprobe", verdict.Denied),
			row(survey.Helper, "bpf_override_return", "xdp", verdict.No), row(survey.Helper, "bpf_override_return", "kprobe", verdict.Denied),
			row(survey.Kfunc, "bpf_throw", "", verdict.No), row(survey.Kfunc, "bpf_key_put", "", verdict.Yes),
			row(survey.Helper, "bpf_redirect", "kprobe", verdict.No), row(survey.Helper, "bpf_redirect", "tracing", verdict.No),
		},
	}
}

// TestStranger has a name that would command a terminal.
func TestStranger(t *testing.T) {
	s := kernel()
	s.Kernel = "6.1\x1b]0;x\a"
	var b strings.Builder
	w := bufio.NewWriter(&b)
	Judge("test", []Requirement{{Kind: survey.MapType, Name: "arena\x1b[31m"}}, s).Plain(w)
	w.Flush()
	if strings.ContainsAny(b.String(), "\x1b\a") || !strings.Contains(b.String(), "map type arena?[31m") {
		t.Errorf("%q", b.String())
	}
}

func TestJudge(t *testing.T) {
	for rows, want := range map[string]verdict.Answer{
		"program type xdp":                                      verdict.Yes,
		"program type netfilter":                                verdict.No,
		"program type kprobe":                                   verdict.Denied,
		"map type arena":                                        verdict.Unknown,
		"map type bloom_filter":                                 verdict.Unknown, // nothing was asked about it
		"program type xdp\nmap type arena":                      verdict.Unknown,
		"program type kprobe\nmap type arena":                   verdict.Denied,
		"program type netfilter\nprogram type kprobe":           verdict.No,
		"program type xdp\noptional program type netfilter":     verdict.Yes,
		"optional program type kprobe\noptional map type arena": verdict.Yes,
		"kernel 6.1":                                            verdict.Yes,
		"kernel 6.2":                                            verdict.No,
		"option CONFIG_BPF":                                     verdict.Yes,
		"option CONFIG_NET_CLS_BPF":                             verdict.Yes,
		"option CONFIG_XFRM":                                    verdict.No,
		"helper bpf_loop for xdp":                               verdict.Yes,
		"helper bpf_loop for kprobe":                            verdict.Denied,
		"helper bpf_loop for tracing":                           verdict.Unknown,
		"helper bpf_loop":                                       verdict.Yes,    // for any
		"helper bpf_override_return":                            verdict.Denied, // it may be there for kprobes
		"kfunc bpf_throw for xdp":                               verdict.No,     // for none
		"kfunc bpf_key_put for xdp":                             verdict.Unknown,
		"helper bpf_redirect":                                   verdict.No,
		"helper bpf_throw":                                      verdict.Unknown,
	} {
		list, err := Parse(rows)
		if err != nil {
			t.Fatal(err)
		}
		r := Judge("test", list, kernel())
		if r.Answer != want {
			t.Errorf("%q: %v, want %v", rows, r.Answer, want)
		}
		if (r.Status() == nil) != (want == verdict.Yes) {
			t.Errorf("%q: status %v", rows, r.Status())
		}
	}
	all := Requirement{Kind: survey.Helper, Name: "bpf_loop", For: []string{"xdp", "kprobe"}}
	if got := Judge("test", []Requirement{all}, kernel()); got.Answer != verdict.Denied || !strings.HasPrefix(got.Rows[0].Evidence, "for kprobe: ") {
		t.Errorf("for both: %+v", got)
	}
	decided := Judge("test", []Requirement{{Kind: Symbol, Name: "jiffies"}}, kernel())
	if decided.Answer != verdict.Unknown {
		t.Errorf("of a symbol: %v", decided.Answer)
	}
	decided.Decide(Symbol, func(string) verdict.Verdict { return verdict.Verdict{Answer: verdict.Yes} })
	if decided.Answer != verdict.Yes {
		t.Errorf("of a symbol that is there: %v", decided.Answer)
	}
	bare := kernel()
	bare.Options, bare.Unread, bare.Version = nil, "no configuration", names.Version{}
	for _, rows := range []string{"option CONFIG_BPF", "kernel 6.1"} {
		list, _ := Parse(rows)
		if got := Judge("test", list, bare); got.Answer != verdict.Unknown {
			t.Errorf("%s of a kernel that tells nothing: %v", rows, got)
		}
	}
}

func TestParse(t *testing.T) {
	got, err := Parse(`
# What it is for.
source a document
map type ringbuf
	optional helper bpf_loop for kprobe
code calls of functions
source another
kernel BTF vmlinux
instruction jumps by halves of registers: jmp32
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []Requirement{
		{Kind: "map type", Name: "ringbuf", Since: names.Version{Major: 5, Minor: 8}, Source: "a document"},
		{Kind: "helper", Name: "bpf_loop", For: []string{"kprobe"}, Since: names.Version{Major: 5, Minor: 17}, Optional: true, Source: "a document"},
		{Kind: "code", Name: "calls of functions", Source: "a document"},
		{Kind: "kernel BTF", Name: "vmlinux", Source: "another"},
		{Kind: "instruction", Name: "jumps by halves of registers: jmp32", Source: "another"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for text, want := range map[string]string{
		"":                      "nothing is required",
		"# nothing\n":           "nothing is required",
		"map type ringbuf\nx y": "line 2: 'x y': want one of the kinds '",
		"kernel six":            "line 1: ",
		"helper":                "line 1: 'helper': want",
		"program type \n":       "line 1: 'program type': want",
	} {
		if _, err := Parse(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// TestPage reads what docs/features.md shows.
func TestPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/features.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, ok := strings.Cut(string(text), "    # Rows that begin with # are comments.\n")
	block, _, _ = strings.Cut(block, "\n\n")
	list, err := Parse(block)
	if !ok || err != nil || len(list) != 7 {
		t.Errorf("%d requirements, %v", len(list), err)
	}
	for _, q := range list {
		if q.Source != "the manual of our tool" {
			t.Errorf("%s %s: source %q", q.Kind, q.Name, q.Source)
		}
	}
}

// TestProfiles checks that rows of the profiles are about what there is, and that each names what says so.
func TestProfiles(t *testing.T) {
	if got, want := strings.Join(Profiles(), " "), "cilium co-re lsm sched_ext tc tetragon tracing xdp"; got != want {
		t.Errorf("profiles are %s, want %s", got, want)
	}
	known := map[survey.Kind][]string{
		survey.ProgType: names.ProgTypes(), survey.MapType: names.MapTypes(), survey.AttachType: names.AttachTypes(),
		survey.LinkType: names.LinkTypes(), survey.Helper: names.Helpers(), survey.Kfunc: names.Kfuncs(), survey.Target: names.Targets(),
		survey.Types: {survey.KernelTypes}, survey.Batch: {"lookup", "lookup_and_delete", "update", "delete"},
	}
	for _, name := range Profiles() {
		list, ok := Profile(name)
		if !ok {
			text, _ := profiles.ReadFile("profiles/" + name + ".txt")
			_, err := Parse(string(text))
			t.Errorf("%s: %v", name, err)
		}
		for _, q := range list {
			where := fmt.Sprintf("%s: %s %s", name, q.Kind, q.Name)
			if q.Source == "" {
				t.Errorf("%s has no source", where)
			}
			if words, ok := known[q.Kind]; ok && !slices.Contains(words, q.Name) {
				t.Errorf("%s: there is no such name", where)
			}
			if q.Kind == survey.Option && !strings.HasPrefix(q.Name, "CONFIG_") {
				t.Errorf("%s is no option", where)
			}
			if slices.ContainsFunc(q.For, func(of string) bool { return !slices.Contains(append(names.ProgTypes(), names.MapTypes()...), of) }) {
				t.Errorf("%s for %v: there is no such type", where, q.For)
			}
		}
	}
	if _, ok := Profile("nothing"); ok {
		t.Error("there is a profile called nothing")
	}
}

func TestOfObject(t *testing.T) {
	n := &needs.Needs{
		List: []needs.Need{
			{Kind: needs.Helper, Name: "bpf_loop", Types: []names.ProgType{6}, Where: []string{"main"}},
			{Kind: needs.BTFKind, Name: "float", Optional: true},
		},
		Externs: []needs.Extern{{Kind: "kconfig", Name: "CONFIG_HZ"}, {Kind: "kconfig", Name: "LINUX_KERNEL_VERSION"}, {Kind: "ksym", Name: "jiffies"}},
		Rights: []needs.Right{
			{Capability: needs.BPF, Verdict: verdict.Verdict{Answer: verdict.Yes}},
			{Capability: needs.NetAdmin, Verdict: verdict.Verdict{Answer: verdict.Yes}, Attach: true},
			{Capability: needs.SysBoot, Verdict: verdict.Verdict{Answer: verdict.No}},
		},
		Types: verdict.Verdict{Answer: verdict.Yes, Evidence: "fentry"},
	}
	var got []string
	for _, q := range OfObject(n) {
		got = append(got, fmt.Sprintf("%s %s%v%v%v", q.Kind, q.Name, q.For, q.Where, q.Optional))
	}
	want := []string{
		"helper bpf_loop[xdp][main]false", "BTF kind float[][]true", "kernel BTF vmlinux[][]false", "option CONFIG_HZ[][]false", "symbol jiffies[][]false",
		"capability CAP_BPF[][]false", "capability CAP_NET_ADMIN[][]true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPlain(t *testing.T) {
	list, err := Parse("source here\nprogram type xdp\noptional program type netfilter\nhelper bpf_loop for kprobe")
	if err != nil {
		t.Fatal(err)
	}
	list[1].Where, list[1].Note = []string{"main", "other"}, "weak"
	var b strings.Builder
	w := bufio.NewWriter(&b)
	Judge("mine", list, kernel()).Plain(w)
	w.Flush()
	const want = `mine on Linux 6.1.0-56: denied
	yes      program type xdp, since 4.8
	no       program type netfilter, since 6.4, optional (weak): system calls: seen
		needed by main, other
		source: here
	denied   helper bpf_loop for kprobe, since 5.17: for kprobe: system calls: seen
		source: here
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzParse reads what may be no requirements at all.
func FuzzParse(f *testing.F) {
	for _, name := range Profiles() {
		text, err := profiles.ReadFile("profiles/" + name + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("optional kernel 6.1\nkernel BTF x")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Parse(text)
		if err == nil {
			Judge("fuzz", list, kernel())
		}
	})
}
