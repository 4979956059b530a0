package probe

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kconfig"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/needs"
)

// An asked is what a kernel was asked for, and the kernel that brought it.
type asked struct {
	what  string // the kind and the name
	since names.Version
	Outcome
}

// exceptions are what a kernel may lack, or have, whatever its version says, with the reason.
var exceptions = []struct {
	what   string
	option string // of its configuration, without which it is missing
	before names.Version
	reason string
}{
	{"attach type lirc_mode2", "CONFIG_BPF_LIRC_MODE2", names.Version{}, "receivers of infrared signals"},
	{"attach type netkit_primary", "CONFIG_NETKIT", names.Version{}, "such devices"},
	{"attach type netkit_peer", "CONFIG_NETKIT", names.Version{}, "such devices"},
	{"link type netkit", "CONFIG_NETKIT", names.Version{}, "such devices"},
	{"attach type trace_kprobe_multi", "CONFIG_FPROBE", names.Version{}, "many functions are attached to by it"},
	{"attach type trace_kprobe_session", "CONFIG_FPROBE", names.Version{}, "many functions are attached to by it"},
	{"link type kprobe_multi", "CONFIG_FPROBE", names.Version{}, "many functions are attached to by it"},
	{"attach type lsm_mac", "CONFIG_BPF_LSM", names.Version{}, "there are no functions for it"},
	{"attach type lsm_cgroup", "CONFIG_BPF_LSM", names.Version{}, "there are no functions for it"},
	{"program flag sleepable lsm.s", "CONFIG_BPF_LSM", names.Version{}, "there are no functions for it"},
	{"program flag sleepable fentry.s", "CONFIG_FUNCTION_ERROR_INJECTION", names.Version{}, "without it no function was for programs that sleep"},
	{"program flag sleepable fexit.s", "CONFIG_FUNCTION_ERROR_INJECTION", names.Version{}, "without it no function was for programs that sleep"},
	{"program flag sleepable fmod_ret.s", "CONFIG_FUNCTION_ERROR_INJECTION", names.Version{}, "without it no function was for programs that sleep"},
	{"code variables of the kernel", "CONFIG_KALLSYMS_ALL", names.Version{}, "the kernel does not know their addresses"},
	{"code variables of the kernel", "", names.Version{Major: 5, Minor: 11}, "the types of Linux 5.10 as Debian builds it have no variables"},
	{"instruction long jumps: gotol", "", names.Version{Major: 6, Minor: 6}, "brought back to Linux 6.1"},
	{"program flag sleepable iter.s", "", names.Version{Major: 5, Minor: 18}, "taken, though it cannot sleep there"},
	{"program flag sleepable tp_btf.s", "", names.Version{Major: 6, Minor: 3}, "taken, though it cannot sleep there"},
}

// linkAttach are attach types that came with a type of links; the others came with links.
var linkAttach = map[string]string{
	"xdp": "xdp", "perf_event": "perf_event", "kprobe_multi": "trace_kprobe_multi", "struct_ops": "struct_ops", "netfilter": "netfilter",
	"tcx": "tcx_ingress", "uprobe_multi": "trace_uprobe_multi", "netkit": "netkit_primary", "tracing_multi": "trace_fentry_multi",
}

func linkSince(word string) names.Version {
	if word == "sockmap" {
		return names.Version{Major: 6, Minor: 10}
	}
	a, ok := names.ParseAttachType(linkAttach[word])
	if !ok {
		return names.Version{Major: 5, Minor: 8}
	}
	return a.Since()
}

// list returns all that was asked of which it is known since when there is it.
func list(m *More) (all []asked) {
	add := func(kind, name string, since names.Version, o Outcome) {
		all = append(all, asked{kind + " " + name, since, o})
	}
	for _, a := range m.AttachTypes {
		add("attach type", a.Type.String(), a.Type.Since(), a.Outcome)
	}
	for _, l := range m.LinkTypes {
		add("link type", l.Type.String(), linkSince(l.Type.String()), l.Outcome)
	}
	for i, f := range m.MapFlags {
		add("map flag", f.Name, names.MapFlags(1 << i)[0].In, f.Outcome)
	}
	for _, k := range m.Kinds {
		_, in := names.BTFKind(k.Number)
		add("BTF kind", k.Name, in, k.Outcome)
	}
	for _, f := range m.ProgFlags {
		since := names.Version{Major: 5, Minor: 18} // parts of packets
		if section, ok := names.ParseSection(strings.TrimPrefix(f.Name, sleepsPrefix)); ok {
			since = names.SleepableSince(section)
		}
		add("program flag", f.Name, since, f.Outcome)
	}
	known := known()
	for _, f := range m.Instructions {
		add("instruction", f.Name, known["instruction "+f.Name], f.Outcome)
	}
	for _, f := range m.Codes {
		add("code", f.Name, known["code "+f.Name], f.Outcome)
	}
	for _, f := range m.Targets {
		iter, ok := strings.CutPrefix(f.Name, "iter/")
		if !ok {
			add("target", f.Name, names.StructOpsSince(f.Name), f.Outcome)
			continue
		}
		add("target", f.Name, names.IterSince(iter), f.Outcome)
	}
	add("token", "token_create", names.Version{Major: 6, Minor: 9}, m.Token)
	return all
}

// known returns what objects need that have the code that is tried, and since when there is it: by what says so of
// any object.
func known() map[string]names.Version {
	other := &elfobj.Func{Name: "g", Code: code(ret0...)}
	program := &elfobj.Func{Name: "f", Section: "tc", Relocs: []elfobj.Reloc{
		{Kind: elfobj.ToCall, Func: other}, {Kind: elfobj.ToFunc, Func: other}, {Kind: elfobj.ToTable},
		{Kind: elfobj.ToValue, Map: &elfobj.Map{Kind: elfobj.Data}}, {Kind: elfobj.ToValue, Map: &elfobj.Map{Kind: elfobj.PerCPU}},
		{Kind: elfobj.ToExtern, Extern: &elfobj.Extern{Kind: elfobj.Ksym, Type: 1}},
	}}
	for _, c := range append(slices.Clone(instructions), codes...) {
		program.Code = append(program.Code, code(c.code...)...)
	}
	program.Code = append(program.Code, code(tooLong()...)...)
	program.Code = append(program.Code, code(append(castCode(0), insn{Code: 0x0d})...)...)
	since := make(map[string]names.Version)
	for _, n := range needs.Of(&elfobj.Object{Order: binary.NativeEndian, Programs: []*elfobj.Func{program}}).List {
		since[n.Kind.String()+" "+n.Name] = n.Since
	}
	return since
}

// checkSince compares with the versions that brought what there is.
func checkSince(t *testing.T, m *More, running names.Version) {
	config, _ := kconfig.Read()
	for _, a := range list(m) {
		want := !a.since.IsZero() && a.since.Compare(running) <= 0
		switch {
		case errors.Is(a.Err, unix.EPERM) && os.Getenv(guestVar) == "":
			t.Logf("%s: not told here: %v", a.what, a.Err) // machines may have no trampolines
		case a.since.IsZero() && !strings.HasPrefix(a.what, "target "):
			t.Errorf("%s: not known since when: %+v", a.what, a.Outcome)
		case a.Able != want && !excepted(a.what, running, config):
			t.Errorf("%s since Linux %s: %+v", a.what, a.since, a.Outcome)
		}
	}
}

func excepted(what string, running names.Version, config map[string]string) bool {
	for _, e := range exceptions {
		if e.what != what {
			continue
		}
		if e.option != "" && (config == nil || config[e.option] == "") || !e.before.IsZero() && running.Compare(e.before) < 0 {
			return true
		}
	}
	return false
}
