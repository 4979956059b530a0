package audit_test

import (
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/audit"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
)

// Directories that are emptied, so that what is in them is known.
const (
	netCore  = "/proc/sys/net/core"
	security = "/sys/kernel/security"
	types    = "/sys/kernel/btf"
)

// well returns a situation in which everything passes.
func well() situation {
	set := new(strings.Builder)
	for _, o := range audit.Options() {
		set.WriteString(o.Name + "=y\n")
	}
	return situation{
		Empty: []string{netCore, security, types, "/boot"},
		Files: texts(map[string]string{
			netCore + "/dev_weight":       "64\n", // so that it is the initial network namespace
			netCore + "/bpf_jit_enable":   "1\n",
			netCore + "/bpf_jit_harden":   "2\n",
			netCore + "/bpf_jit_kallsyms": "1\n",
			netCore + "/bpf_jit_limit":    "528482304\n",

			"/proc/sys/kernel/unprivileged_bpf_disabled": "2\n",
			"/proc/sys/kernel/perf_event_paranoid":       "2\n",
			"/proc/sys/kernel/kptr_restrict":             "1\n",
			"/proc/sys/kernel/bpf_stats_enabled":         "0\n",

			security + "/lockdown": "none [integrity] confidentiality\n",
			security + "/lsm":      "lockdown,capability,yama,apparmor,bpf\n",
			types + "/vmlinux":     "\x9f\xeb\x01\x00",
			bootConfig():           set.String(),
		}),
		Mounts:  []string{"bpf /sys/fs/bpf", "tracefs /sys/kernel/tracing"},
		Unmount: true,
	}
}

// texts are what files have.
func texts(list map[string]string) map[string][]byte {
	files := make(map[string][]byte)
	for path, text := range list {
		files[path] = []byte(text)
	}
	return files
}

// bootConfig returns where the configuration of the running kernel is looked for first.
func bootConfig() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		panic(err)
	}
	return "/boot/config-" + unix.ByteSliceToString(u.Release[:])
}

// but changes a situation.
func (s situation) but(change func(*situation)) situation {
	change(&s)
	return s
}

// having returns a change of what files have: paths and texts.
func having(files ...string) func(*situation) {
	return func(s *situation) {
		s.Files = maps.Clone(s.Files)
		for i := 0; i < len(files); i += 2 {
			s.Files[files[i]] = []byte(files[i+1] + "\n")
		}
	}
}

// lacking returns a change: files are not there.
func lacking(paths ...string) func(*situation) {
	return func(s *situation) {
		s.Files = maps.Clone(s.Files)
		for _, p := range paths {
			delete(s.Files, p)
		}
	}
}

func confined(c fixture.Confinement) func(*situation) {
	return func(s *situation) { s.Confined = c }
}

// Paths in short.
const (
	jit      = netCore + "/bpf_jit_enable"
	harden   = netCore + "/bpf_jit_harden"
	kallsyms = netCore + "/bpf_jit_kallsyms"
	limit    = netCore + "/bpf_jit_limit"
	kernel   = "/proc/sys/kernel/"
	paranoid = kernel + "perf_event_paranoid"
	kptr     = kernel + "kptr_restrict"
	nobodys  = kernel + "unprivileged_bpf_disabled"
	stats    = kernel + "bpf_stats_enabled"
	lsm      = security + "/lsm"
)

// A provocation is a situation, and what is found in it of what is different from [well].
type provocation struct {
	name string
	in   situation
	want map[string]audit.Level
}

// levels are what is found.
type levels = map[string]audit.Level

const (
	unknown = audit.Unknown
	passes  = audit.Pass
	notes   = audit.Note
	warns   = audit.Warn
	fails   = audit.Fail
)

// provocations provoke each finding.
func provocations() []provocation {
	none, some := "", "ext4 1 2 - Live 0x0\nnf_tables 1 0 - Live 0x0\n"
	zero := uint64(0)
	all := func(level audit.Level, skipped ...string) levels {
		want := make(levels)
		for _, r := range audit.Rules() {
			if r.Group != "features" {
				want[r.ID] = level
			}
		}
		for _, id := range skipped {
			delete(want, id)
		}
		return want
	}
	set := func(path, value string) situation { return well().but(having(path, value)) }
	without := func(caps ...uintptr) situation { return well().but(confined(fixture.Confinement{Without: caps})) }
	untold := fixture.Confinement{Filter: unix.ENOSYS, Filtered: unix.SYS_LSM_LIST_MODULES} // newer kernels tell everybody
	old := func(s *situation) { s.Old, s.Memlock = true, &zero }

	return []provocation{
		{"all is well", well(), nil},

		{"the JIT compiler is off", set(jit, "0"), levels{"jit": fails}},
		{"the JIT compiler is debugged", set(jit, "2"), levels{"jit": fails}},
		{"the JIT compiler is strange", set(jit, "7"), levels{"jit": unknown}},
		{"the JIT compiler says no number", set(jit, "on"), levels{"jit": unknown}},
		{"no JIT compiler", well().but(lacking(jit, harden, kallsyms, limit)), levels{"jit": fails, "jit-harden": notes, "jit-kallsyms": notes, "jit-limit": notes}},
		{"another network namespace", well().but(lacking(jit, harden, kallsyms, limit, netCore+"/dev_weight")),
			levels{"jit": unknown, "jit-harden": unknown, "jit-kallsyms": unknown, "jit-limit": unknown}},
		{"constants are not hidden", set(harden, "0"), levels{"jit-harden": warns}},
		{"constants are hidden from users", set(harden, "1"), nil},
		{"constants are not hidden from anybody", well().but(having(harden, "0", nobodys, "0")), levels{"jit-harden": fails, "unprivileged-bpf": fails}},
		{"the JIT compiler has little memory", set(limit, "65536"), levels{"jit-limit": warns}},
		{"everybody sees programs", well().but(having(harden, "0", kptr, "0", paranoid, "1")),
			levels{"jit-harden": warns, "jit-kallsyms": warns, "kptr-restrict": fails, "perf-event-paranoid": warns}},
		{"nobody sees programs", set(kallsyms, "0"), nil},
		{"root sees programs", well().but(having(harden, "0", kptr, "0")), levels{"jit-harden": warns, "kptr-restrict": warns}},
		{"who sees programs is not known", well().but(having(harden, "0", kptr, "?")),
			levels{"jit-harden": warns, "jit-kallsyms": unknown, "kptr-restrict": unknown}},

		{"users may load programs", set(nobodys, "0"), levels{"unprivileged-bpf": fails}},
		{"users may not until the next boot", set(nobodys, "1"), nil},
		{"users may measure", set(paranoid, "1"), levels{"perf-event-paranoid": warns}},
		{"users may measure processors", set(paranoid, "0"), levels{"perf-event-paranoid": fails}},
		{"users may measure everything", set(paranoid, "-1"), levels{"perf-event-paranoid": fails}},
		{"a distribution's own value", set(paranoid, "4"), nil},
		{"everybody sees the kernel", well().but(having(kptr, "0", paranoid, "0")), levels{"kptr-restrict": fails, "perf-event-paranoid": fails}},
		{"one setting hides the kernel", set(kptr, "0"), levels{"kptr-restrict": warns}},
		{"nobody sees the kernel", set(kptr, "2"), nil},
		{"programs are measured", set(stats, "1"), levels{"stats-enabled": warns}},

		{"not locked down", set(security+"/lockdown", "[none] integrity confidentiality"), levels{"lockdown": notes}},
		{"locked down", set(security+"/lockdown", "none integrity [confidentiality]"), levels{"lockdown": warns}},
		{"lockdown is strange", set(security+"/lockdown", "none"), levels{"lockdown": unknown}},
		{"programs are no modules", set(lsm, "capability,selinux"), levels{"lsm-bpf": warns, "lsm-order": notes}},
		{"modules are not told", well().but(lacking(lsm)).but(confined(untold)),
			levels{"lsm-bpf": unknown, "lsm-order": unknown, "seccomp": warns}},
		{"programs are before what is always the last", set(lsm, "capability,selinux,bpf,ipe,ima,evm"), nil},
		{"programs are not the last", set(lsm, "capability,bpf,selinux"), levels{"lsm-order": warns}},

		{"locked memory is limited", without(unix.CAP_SYS_RESOURCE).but(old), levels{"memlock": warns}},
		{"locked memory can be raised", well().but(old), onlyWith(unix.CAP_SYS_RESOURCE, "memlock")},

		{"the kernel has no types", well().but(lacking(types + "/vmlinux")), levels{"btf-kernel": fails}},
		{"the kernel has types that are none", set(types+"/vmlinux", "ELF"), levels{"btf-kernel": unknown}},
		{"modules with types", well().but(having(types+"/ext4", "", types+"/nf_tables", "")).but(func(s *situation) { s.Modules = &some }), nil},
		{"a module without", well().but(having(types+"/ext4", "")).but(func(s *situation) { s.Modules = &some }), levels{"btf-modules": warns}},
		{"no module is loaded", well().but(func(s *situation) { s.Modules = &none }), nil},
		{"nothing is mounted", well().but(func(s *situation) { s.Mounts = nil }), levels{"bpffs": warns, "tracefs": warns}},
		{"mounted elsewhere", well().but(func(s *situation) { s.Mounts = []string{"bpf /mnt", "tracefs /opt"} }), levels{"bpffs": warns, "tracefs": warns}},

		{"without rights", without(fixture.AllBut()...), levels{"cap-bpf": warns, "cap-perfmon": warns, "cap-net-admin": warns, "cap-sys-admin": warns}},
		{"with few rights", without(fixture.AllBut(unix.CAP_BPF, unix.CAP_PERFMON)...), levels{"cap-net-admin": warns, "cap-sys-admin": warns}},
		{"in a user namespace", well().but(confined(fixture.Confinement{Namespace: true})),
			levels{"cap-bpf": warns, "cap-perfmon": warns, "cap-net-admin": warns, "cap-sys-admin": warns, "user-namespace": warns}},
		{"filtered", well().but(confined(fixture.Confinement{Filter: unix.EPERM, Filtered: unix.SYS_ACCT})), levels{"seccomp": warns}},

		{"nothing is configured", set(bootConfig(), "CONFIG_X=y"), unset()},
		{"not for this user", well().but(func(s *situation) {
			s.Confined, s.Private = fixture.Confinement{User: 65534}, []string{harden, kallsyms, limit, security + "/lockdown", types + "/vmlinux"}
		}), levels{
			"jit-harden": unknown, "jit-kallsyms": unknown, "jit-limit": unknown, "lockdown": unknown, "btf-kernel": unknown,
			"cap-bpf": warns, "cap-perfmon": warns, "cap-net-admin": warns, "cap-sys-admin": warns,
		}},
		{"nothing is to be seen", situation{Empty: []string{"/proc", "/sys", "/boot"}, Confined: untold}, all(unknown, "memlock")},
	}
}

// onlyWith returns what is found where something passes for who has a capability, which root of a container may not.
func onlyWith(c uint, id string) levels {
	effective, err := strconv.ParseUint(audit.Read().Caller.Effective, 16, 64)
	if err == nil && effective>>c&1 != 0 {
		return nil
	}
	return levels{id: warns}
}

// unset returns what is found where no option is set: a kernel is not blamed for what came after it.
func unset() levels {
	want := make(levels)
	running, _ := names.ParseVersion(strings.TrimPrefix(bootConfig(), "/boot/config-"))
	for _, o := range audit.Options() {
		switch {
		case o.ID() == "":
		case o.Without == warns && running.Compare(o.Since) < 0:
			want[o.ID()] = notes
		default:
			want[o.ID()] = o.Without
		}
	}
	return want
}

// TestProvocations has the kernel, or files in its place, say what provokes findings.
func TestProvocations(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.Isolation)
	if _, err := os.Stat(types); err != nil {
		t.Skip("the kernel has no types, in whose place others could be")
	}
	for _, p := range provocations() {
		t.Run(p.name, func(t *testing.T) {
			for _, f := range audit.Judge(p.in.read(t)) {
				want, ok := p.want[f.ID]
				if !ok {
					want = passes
				}
				if f.Level != want {
					t.Errorf("%s is %s, want %s: %s: %s (%s)", f.ID, f.Level, want, f.What, f.Evidence, f.Where)
				}
				checkWords(t, f)
			}
		})
	}
}

// checkWords fails the test unless a finding says what there is to say.
func checkWords(t *testing.T, f audit.Finding) {
	t.Helper()
	for _, text := range []string{f.What, f.Where, f.Evidence, f.Why} {
		if text == "" || strings.HasSuffix(text, ".") || strings.Contains(text, "%!") {
			t.Errorf("%s: %+v", f.ID, f)
		}
	}
	if f.Mend == "" && (f.Level == warns || f.Level == fails) {
		t.Errorf("%s is %s, and nothing mends it", f.ID, f.Level)
	}
}

// TestBothWays makes sure that each finding is provoked both ways, and that it is unknown once.
func TestBothWays(t *testing.T) {
	seen := make(map[string]map[audit.Level]bool)
	for _, r := range audit.Rules() {
		seen[r.ID] = make(map[audit.Level]bool)
	}
	for _, p := range provocations() {
		for id, level := range p.want {
			if seen[id] == nil {
				t.Fatalf("%s: no rule is called %s", p.name, id)
			}
			seen[id][level] = true
		}
	}
	special := make(map[string]bool)
	for _, o := range audit.Options() {
		special[o.ID()] = o.Without == notes
	}
	for _, r := range audit.Rules() {
		if r.Group == "features" {
			continue // see TestFeatures
		}
		got := seen[r.ID] // and all pass where all is well
		if bad := got[warns] || got[fails] || special[r.ID] && got[notes]; !bad {
			t.Errorf("%s: nothing makes it warn or fail", r.ID)
		}
		if !got[unknown] && r.ID != "memlock" { // of which everybody may know
			t.Errorf("%s: it is never unknown", r.ID)
		}
	}
}
