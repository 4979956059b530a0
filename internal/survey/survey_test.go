package survey

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/denied"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/probe"
	"github.com/gobpftool/gobpftool/internal/verdict"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// TestBoth has all pairs of answers.
func TestBoth(t *testing.T) {
	const y, n, d, u = verdict.Yes, verdict.No, verdict.Denied, verdict.Unknown
	for _, tt := range []struct {
		calls, types, want verdict.Answer
		disagree           bool
	}{
		{y, y, y, false}, {y, n, y, true}, {y, u, y, false},
		{n, y, u, true}, {n, n, n, false}, {n, u, n, false},
		{d, y, d, false}, {d, n, n, false}, {d, u, d, false},
		{u, y, y, false}, {u, n, n, false}, {u, u, u, false},
	} {
		if got, disagree := both(tt.calls, tt.types); got != tt.want || disagree != tt.disagree {
			t.Errorf("%v and %v: %v, %v", tt.calls, tt.types, got, disagree)
		}
	}
}

// root is the standing of who has all capabilities.
func root() *denied.Standing {
	s := &denied.Standing{Modules: []string{"capability"}, Settings: map[string]string{"kernel.unprivileged_bpf_disabled": "2"}}
	s.Process = denied.Process{Known: true, Effective: ^denied.Set(0), Last: needs.BPF}
	return s
}

// bare is the standing of who has none.
func nobody() *denied.Standing {
	s := root()
	s.Effective = 0
	return s
}

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name     string
		standing *denied.Standing
		outcome  probe.Outcome
		want     verdict.Answer
		evidence string
	}{
		{"done", root(), probe.Outcome{Able: true}, verdict.Yes, "done"},
		{"known by an error", root(), probe.Outcome{Able: true, Err: enotsupp}, verdict.Yes, "it is known: the answer is 'ENOTSUPP'"},
		{"known by what the verifier says", root(), probe.Outcome{Able: true, Err: unix.EACCES, Said: "R1 !read_ok"}, verdict.Yes, "it is known: the verifier says 'R1 !read_ok'"},
		{"refused", root(), probe.Outcome{Err: unix.EINVAL}, verdict.No, "the answer is 'Invalid argument'"},
		{"refused by the verifier", root(), probe.Outcome{Err: unix.EINVAL, Said: "unknown opcode 06"}, verdict.No, "the verifier says 'unknown opcode 06'"},
		{"the C tool would call it available", root(), probe.Outcome{Able: true, Err: unix.EPERM}, verdict.Denied, "the cause is not established"},
		{"with all capabilities", root(), probe.Outcome{Err: unix.EPERM}, verdict.Denied, "the answer is 'Operation not permitted': the cause is not established: no capability that it takes is missing"},
		{"without any", nobody(), probe.Outcome{Err: unix.EPERM}, verdict.Denied, "CAP_NET_ADMIN and CAP_BPF are missing"},
		{"refused by a security module", root(), probe.Outcome{Err: unix.EACCES}, verdict.Denied, "a security module may forbid it"},
		{"refused by a security module where an error may tell", root(), probe.Outcome{Able: true, Err: unix.EACCES}, verdict.Denied, "a security module may forbid it"},
		{"refused by the verifier with the same error", root(), probe.Outcome{Err: unix.EACCES, Said: "unknown func bpf_loop#181"}, verdict.No, "the verifier says"},
		{"no memory", root(), probe.Outcome{Err: unix.ENOMEM}, verdict.Unknown, "the answer is 'Cannot allocate memory', which does not tell"},
		{"nothing to try", root(), probe.Outcome{Err: probe.ErrUntold}, verdict.Unknown, "there is no probe for it"},
	} {
		if got := (judge{tt.standing}).of(tt.outcome, denied.Prog(6, 0), "done"); got.Answer != tt.want || !strings.Contains(got.Evidence, tt.evidence) {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// TestStopped has answers that something in front of the kernel gives: they tell nothing of it, whatever they are.
func TestStopped(t *testing.T) {
	for _, errno := range []unix.Errno{unix.EPERM, unix.EACCES, unix.ENOSYS, unix.EINVAL, unix.EBADF} {
		s := root()
		s.Filtered, s.Reached = true, map[bpf.Command]error{bpf.ProgLoad: errno}
		j := judge{s}
		for _, o := range []probe.Outcome{{Err: errno}, {Able: true, Err: errno}} {
			for _, got := range []verdict.Verdict{j.of(o, denied.Prog(6, 0), "done"), j.syscall(o)} {
				if got.Answer != verdict.Denied || !strings.Contains(got.Evidence, "seccomp forbids bpf(2)") {
					t.Errorf("a filter that answers '%v': %v", errno, got)
				}
			}
		}
		s.Reached[bpf.ProgLoad] = unix.E2BIG // it is for something else
		if got := j.of(probe.Outcome{Err: unix.EINVAL}, denied.Prog(6, 0), "done"); got.Answer != verdict.No {
			t.Errorf("a filter that lets it through: %v", got)
		}
	}
}

// TestJudgeHelper has helpers that the verifier knows only of those who have a right.
func TestJudgeHelper(t *testing.T) {
	const (
		kprobe = 2
		said   = "program of this type cannot use helper bpf_probe_read_kernel#113"
		other  = "program of this type cannot use helper bpf_redirect#23"
	)
	locked := root()
	locked.Lockdown = "confidentiality"
	for _, tt := range []struct {
		name     string
		standing *denied.Standing
		said     string
		want     verdict.Answer
	}{
		{"with all rights", root(), said, verdict.No},
		{"without", nobody(), said, verdict.Denied},
		{"without, but rights do not matter", nobody(), other, verdict.No},
		{"locked down", locked, said, verdict.Denied},
	} {
		if got := (judge{tt.standing}).helper(kprobe, probe.Outcome{Err: unix.EINVAL, Said: tt.said}); got.Answer != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// kernelTypes are those of a kernel that is configured without xskmap and lirc_mode2, and knows no rhash.
const kernelTypes = `
[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
[2] ENUM 'bpf_prog_type' encoding=UNSIGNED size=4 vlen=3
	'BPF_PROG_TYPE_XDP' val=6
	'BPF_PROG_TYPE_LIRC_MODE2' val=20
	'__MAX_BPF_PROG_TYPE' val=33
[3] STRUCT 'bpf_ctx_convert' size=4 vlen=1
	'BPF_PROG_TYPE_XDP_prog' type_id=1 bits_offset=0
[4] ENUM 'bpf_map_type' encoding=UNSIGNED size=4 vlen=4
	'BPF_MAP_TYPE_HASH' val=1
	'BPF_MAP_TYPE_XSKMAP' val=17
	'BPF_MAP_TYPE_CPUMAP' val=16
	'__MAX_BPF_MAP_TYPE' val=34
[5] FUNC_PROTO '(anon)' ret_type_id=1 vlen=0
[6] FUNC 'cpu_map_alloc' type_id=5 linkage=static
[7] FUNC 'btf_int_check_meta' type_id=5 linkage=static
[8] ENUM '(anon)' encoding=UNSIGNED size=4 vlen=2
	'BPF_F_NO_PREALLOC' val=1
	'BPF_F_MMAPABLE' val=1024
[9] FUNC 'bpf_lsm_file_open' type_id=5 linkage=static
[10] ENUM 'bpf_func_id' encoding=UNSIGNED size=4 vlen=1
	'BPF_FUNC_redirect' val=23
`

func TestModel(t *testing.T) {
	spec, err := btf.Parse(fixture.BTF(t, strings.TrimSpace(kernelTypes), nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, none := newModel(spec, pick.Modules{}, nil), newModel(nil, pick.Modules{}, unix.ENOENT)
	tests := map[string][2]verdict.Verdict{
		"xdp: yes (struct bpf_ctx_convert has BPF_PROG_TYPE_XDP_prog)":                                                                                                         {m.progType(6), none.progType(6)},
		"lirc_mode2: no (enum bpf_prog_type has BPF_PROG_TYPE_LIRC_MODE2, but struct bpf_ctx_convert has no BPF_PROG_TYPE_LIRC_MODE2_prog: it was not configured)":             {m.progType(20), none.progType(20)},
		"a type to come: no (enum bpf_prog_type has no 33)":                                                                                                                    {m.progType(33), none.progType(33)},
		"hash: yes (enum bpf_map_type has BPF_MAP_TYPE_HASH)":                                                                                                                  {m.mapType(1), none.mapType(1)},
		"cpumap: yes (enum bpf_map_type has BPF_MAP_TYPE_CPUMAP, and there is cpu_map_alloc)":                                                                                  {m.mapType(16), none.mapType(16)},
		"xskmap: no (enum bpf_map_type has BPF_MAP_TYPE_XSKMAP, but there is no xsk_map_alloc: it was not configured)":                                                         {m.mapType(17), none.mapType(17)},
		"rhash: no (enum bpf_map_type has no 35)":                                                                                                                              {m.mapType(35), none.mapType(35)},
		"redirect: unknown (enum bpf_func_id has BPF_FUNC_redirect: whether it was configured is not told)":                                                                    {m.helper(23, "bpf_redirect"), none.helper(23, "bpf_redirect")},
		"redirect of xdp: unknown (enum bpf_func_id has BPF_FUNC_redirect: the kernel's types do not tell which programs may call it)":                                         {m.helperFor(6, 23), none.helperFor(6, 23)},
		"loop: no (enum bpf_func_id has no 181)":                                                                                                                               {m.helper(181, "bpf_loop"), none.helper(181, "bpf_loop")},
		"redirect of lirc_mode2: no (enum bpf_prog_type has BPF_PROG_TYPE_LIRC_MODE2, but struct bpf_ctx_convert has no BPF_PROG_TYPE_LIRC_MODE2_prog: it was not configured)": {m.helperFor(20, 23), none.helperFor(20, 23)},
		"links: unknown (there is no enum bpf_link_type)":                                                                                                                      {m.linkType(1), none.linkType(1)},
		"mmapable: yes (there is BPF_F_MMAPABLE)":                                                                                                                              {m.mapFlag("mmapable"), none.mapFlag("mmapable")},
		"link flag: no (there is no BPF_F_LINK beside BPF_F_NO_PREALLOC)":                                                                                                      {m.mapFlag("link"), none.mapFlag("link")},
		"int: yes (there is btf_int_check_meta)":                                                                                                                               {m.kind("int"), none.kind("int")},
		"float: no (there is no btf_float_check_meta)":                                                                                                                         {m.kind("float"), none.kind("float")},
		"type_tag: unknown (the kernel's types do not tell of BTF_KIND_TYPE_TAG)":                                                                                              {m.kind("type_tag"), none.kind("type_tag")},
		"kfunc: no (there is no bpf_throw)":                                                                                                                                    {m.kfunc("bpf_throw", ""), none.kfunc("bpf_throw", "")},
		"lsm: unknown (there is bpf_lsm_file_open: whether the kernel was started with it (lsm=) is not told)":                                                                 {m.lsm(), none.lsm()},
	}
	for want, got := range tests {
		_, want, _ := strings.Cut(want, ": ")
		if got[0].String() != want {
			t.Errorf("%s, want %s", got[0], want)
		}
		if got[1].String() != "unknown (the kernel's types cannot be read: No such file or directory)" {
			t.Errorf("without types: %s", got[1])
		}
	}
}

// TestNoTypes tells a kernel without types from one that shows nothing.
func TestNoTypes(t *testing.T) {
	for _, tt := range []struct {
		err   error
		sysfs bool
		want  string
	}{
		{unix.ENOENT, true, "no (the kernel's types cannot be read: No such file or directory)"},
		{unix.ENOENT, false, "unknown (the kernel's types cannot be read: sysfs is not mounted on /sys)"},
		{unix.EACCES, true, "unknown (the kernel's types cannot be read: Permission denied)"},
		{unix.EACCES, false, "unknown (the kernel's types cannot be read: Permission denied)"},
	} {
		if got := newModel(nil, pick.Modules{}, unseen(tt.err, tt.sysfs)).there(); got.String() != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// TestModules has functions in modules.
func TestModules(t *testing.T) {
	base := fixture.BTF(t, strings.TrimSpace(kernelTypes), nil)
	spec, err := btf.Parse(base, nil)
	if err != nil {
		t.Fatal(err)
	}
	own, err := btf.Parse(fixture.BTF(t, "[11] FUNC 'bpf_ct_release' type_id=5 linkage=static", base), spec)
	if err != nil {
		t.Fatal(err)
	}
	m := newModel(spec, pick.Modules{Loaded: []pick.Module{{Name: "nf_conntrack", Spec: own}}, Loads: true}, nil)
	for name, want := range map[string]string{
		"bpf_ct_release":    "yes (module nf_conntrack has it)",
		"bpf_skb_ct_lookup": "unknown (there is no bpf_skb_ct_lookup, nor in a module that is loaded: one that is not may have it)",
		"bpf_throw":         "no (there is no bpf_throw)",
	} {
		if got := m.kfunc(name, "").String(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if m.loads = false; m.kfunc("bpf_skb_ct_lookup", "").Answer != verdict.No {
		t.Error("a kernel without modules may have it in one")
	}
}

// TestKernelTypes has what is said of the kernel's types by their ID.
func TestKernelTypes(t *testing.T) {
	for _, tt := range []struct {
		id   uint32
		err  error
		want verdict.Answer
	}{{1, nil, verdict.Yes}, {0, nil, verdict.No}, {0, unix.EPERM, verdict.Unknown}, {0, unix.ENOMEM, verdict.Unknown}} {
		if got := (judge{root()}).types(tt.id, tt.err); got.Answer != tt.want {
			t.Errorf("%d, %v: %v", tt.id, tt.err, got)
		}
	}
	old := root()
	old.Kernel = names.Version{Major: 5, Minor: 10}
	if got := (judge{old}).types(0, nil); got.Answer != verdict.Unknown {
		t.Errorf("before types had IDs: %v", got)
	}
}

// TestLockedDown has a helper tell where the mode cannot be read.
func TestLockedDown(t *testing.T) {
	said := &probe.Outcome{Err: unix.EINVAL, Said: "program of this type cannot use helper bpf_probe_read_kernel#113"}
	locked := root()
	locked.Lockdown = "confidentiality"
	for _, tt := range []struct {
		standing *denied.Standing
		helper   *probe.Outcome
		want     verdict.Answer
	}{
		{locked, nil, verdict.Denied}, {root(), nil, verdict.Unknown}, {root(), &probe.Outcome{Able: true}, verdict.Yes},
		{root(), said, verdict.Denied}, {nobody(), said, verdict.Unknown},
	} {
		if got := (judge{tt.standing}).lockdown(tt.helper, "confidentiality"); got.Answer != tt.want {
			t.Errorf("%+v: %v, want %v", tt.helper, got, tt.want)
		}
	}
}

// saved is a survey with a row of each face.
func saved() *Survey {
	s := &Survey{Form: Form, Kernel: "6.18.5", Machine: "x86_64", Unprivileged: true, Rows: []Row{
		row(ProgType, "xdp", "", yes("a program was loaded"), yes("struct x has it")),
		row(ProgType, "tracing", "", verdict.Verdict{Answer: verdict.Denied, Evidence: "EPERM"}, yes("struct x has it")),
		row(MapType, "struct_ops", "", no("EINVAL"), yes("enum x has it")),
	}}
	for i := range few + 1 {
		v := no("nothing")
		if i == 0 {
			v = yes("loaded")
		}
		s.Rows = append(s.Rows, row(Helper, "bpf_"+string(rune('a'+i)), "xdp", v, unknown("")))
	}
	return s
}

func TestPlain(t *testing.T) {
	const want = `Linux 6.18.5, x86_64, without capabilities

program types:
	yes      xdp: system calls: a program was loaded; kernel BTF: struct x has it
	denied   tracing: system calls: EPERM; kernel BTF, yes: struct x has it

map types:
	unknown  struct_ops: system calls, no: EINVAL; kernel BTF, yes: enum x has it; they disagree

helpers:
	yes      xdp: bpf_a
	no       xdp: 60 others
`
	s := saved()
	for range 2 { // it stays as it is
		var b strings.Builder
		w := bufio.NewWriter(&b)
		s.Plain(w)
		w.Flush()
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if some := s.About("xdp"); len(some.Rows) != few+2 || len(s.Rows) != few+4 {
		t.Errorf("%d of %d rows are about xdp", len(some.Rows), len(s.Rows))
	}
}

func TestJSON(t *testing.T) {
	s := saved()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	const row = `{"kind":"map type","name":"struct_ops","verdict":"unknown",` +
		`"system_calls":{"verdict":"no","evidence":"EINVAL"},"kernel_btf":{"verdict":"yes","evidence":"enum x has it"},"disagree":true}`
	if !strings.Contains(string(b), row) {
		t.Errorf("%.900s", b)
	}
	var again Survey
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, &again); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// TestTake asks this kernel: both methods agree.
func TestTake(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF)
	s, err := Take(t.Context(), probe.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := make(map[Kind]int)
	for _, r := range s.Rows {
		kinds[r.Kind]++
		if r.Disagree {
			t.Errorf("%s %s: %s", r.Kind, r.title(), r.evidence())
		}
		if r.evidence() == "" {
			t.Errorf("%s %s: %v without evidence", r.Kind, r.title(), r.Answer)
		}
	}
	t.Log(kinds)
	if _, err := os.Stat("/sys/kernel/btf/vmlinux"); errors.Is(err, os.ErrNotExist) {
		return
	}
	checkSchema(t, s)
	if r, ok := s.Find(ProgType, "xdp", ""); !ok || r.Types.Answer != verdict.Yes {
		t.Errorf("xdp: %v", r)
	}
}

const schema = "../../docs/schemas/survey-1.json"

// checkSchema compares what is saved with the schema, if there is a checker.
func checkSchema(t *testing.T, s *Survey) {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(schema); err != nil {
		return // a guest
	}
	fixture.Need(t, fixture.Checkers)
	if err := fixture.Schema(t, schema, text); err != nil {
		t.Error(err)
	}
}

// TestSchema checks that the schema forbids what is not saved.
func TestSchema(t *testing.T) {
	fixture.Need(t, fixture.Checkers)
	s := saved()
	s.Options = map[string]string{"CONFIG_BPF": "y"}
	checkSchema(t, s)
	s.Options, s.Unread = nil, "no such file"
	checkSchema(t, s)
	for name, spoil := range map[string]func(*Survey){
		"another form":         func(s *Survey) { s.Form = "survey-2" },
		"neither options":      func(s *Survey) { s.Unread = "" },
		"a kind":               func(s *Survey) { s.Rows[0].Kind = "kind" },
		"no name":              func(s *Survey) { s.Rows[0].Name = "" },
		"an option of its own": func(s *Survey) { s.Options, s.Unread = map[string]string{"HZ": "250"}, "" },
	} {
		s := saved()
		s.Unread = "no such file"
		spoil(s)
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if fixture.Schema(t, schema, text) == nil {
			t.Errorf("%s: it follows the schema", name)
		}
	}
}

func TestCauses(t *testing.T) {
	why := "system calls: the answer is 'Operation not permitted': " + strings.Repeat("nothing explains it ", 6)
	c := make(Causes)
	for _, tt := range []struct{ name, evidence, want string }{
		{"fentry", why + "; kernel BTF, yes: there is x", why + "; kernel BTF, yes: there is x"},
		{"fexit", why + "; kernel BTF, yes: there is y", "as of fentry; kernel BTF, yes: there is y"},
		{"lsm", why, "as of fentry"},
		{"short", "EPERM; kernel BTF: no", "EPERM; kernel BTF: no"},
		{"short again", "EPERM; kernel BTF: no", "EPERM; kernel BTF: no"},
		{"another", "another " + why, "another " + why},
	} {
		if got := c.Short(tt.name, tt.evidence); got != tt.want {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}
