package feature

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/kconfig"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/probe"
)

// able is the outcome of what there is.
var able = probe.Outcome{Able: true}

// typed is a type of programs with helpers, of which the first is there.
func typed(number uint32, o probe.Outcome, helpers ...string) probe.Prog {
	p := probe.Prog{Type: names.ProgType(number), Outcome: o}
	for i, name := range helpers {
		p.Helpers = append(p.Helpers, probe.Helper{Name: name, Outcome: probe.Outcome{Able: i == 0}})
	}
	return p
}

func TestFaces(t *testing.T) {
	none := probe.Outcome{Err: unix.EINVAL}
	all := &probe.Findings{
		Syscall: able,
		Progs: []probe.Prog{
			typed(6, able, "bpf_redirect", "bpf_sk_lookup_tcp"),
			typed(20, none), typed(26, able),
		},
		Maps:      []probe.Map{{Type: 1, Outcome: able}, {Type: 35, Outcome: none}},
		Abilities: []probe.Ability{{Name: "large_insn_limit", Outcome: able}, {Name: "bounded_loops"}, {Name: "v4_isa_extension", Outcome: none}},
	}
	tests := []struct {
		name                string
		system              *System
		found               *probe.Findings
		plain, json, macros string
	}{
		{
			"no bpf(2), no procfs, no configuration", &System{}, &probe.Findings{},
			"Scanning system configuration...\n\nScanning system call availability...\nbpf() syscall is NOT available\n\n",
			`{"system_config":{},"syscall_config":{"have_bpf_syscall":false}}`,
			"/*** Misc kernel config items ***/\n\n/*** System call availability ***/\n#define P_NO_HAVE_BPF_SYSCALL\n\n",
		},
		{
			"the kernel without a configuration", &System{Settings: &Settings{0, 2, 1, 1, 4096}, Options: chosen(map[string]string{"CONFIG_HZ": "250"})[32:]}, &probe.Findings{Syscall: able},
			"Scanning system configuration...\nbpf() syscall for unprivileged users is enabled\nJIT compiler is enabled with debugging traces in kernel logs\n" +
				"JIT compiler hardening is enabled for unprivileged users\nJIT compiler kallsyms exports are enabled for root\n" +
				"Global memory limit for JIT compiler for unprivileged users is 4096 bytes\nCONFIG_HZ is set to 250\n\n" +
				"Scanning system call availability...\nbpf() syscall is available\n\n",
			`{"system_config":{"unprivileged_bpf_disabled":0,"bpf_jit_enable":2,"bpf_jit_harden":1,"bpf_jit_kallsyms":1,"bpf_jit_limit":4096,"CONFIG_HZ":"250"},"syscall_config":{"have_bpf_syscall":true}}`,
			"/*** Misc kernel config items ***/\n#define P_CONFIG_HZ 250\n\n/*** System call availability ***/\n#define P_HAVE_BPF_SYSCALL\n\n",
		},
		{
			"what is not set", &System{Options: chosen(nil)[31:]}, &probe.Findings{},
			"Scanning system configuration...\nCONFIG_TEST_BPF is not set\nCONFIG_HZ is not set\n\nScanning system call availability...\nbpf() syscall is NOT available\n\n",
			`{"system_config":{"CONFIG_TEST_BPF":null,"CONFIG_HZ":null},"syscall_config":{"have_bpf_syscall":false}}`,
			"/*** Misc kernel config items ***/\n/* P_CONFIG_HZ is not set */\n\n/*** System call availability ***/\n#define P_NO_HAVE_BPF_SYSCALL\n\n",
		},
		{
			"a device", nil, all,
			"Scanning system call availability...\nbpf() syscall is available\n\n" +
				"Scanning eBPF program types...\neBPF program_type xdp is available\neBPF program_type lirc_mode2 is NOT available\neBPF program_type tracing is available\n\n" +
				"Scanning eBPF map types...\neBPF map_type hash is available\neBPF map_type rhash is NOT available\n\n" +
				"Scanning eBPF helper functions...\neBPF helpers supported for program type xdp:\n\t- bpf_redirect\n" +
				"eBPF helpers supported for program type lirc_mode2:\n\tProgram type not supported\n" +
				"eBPF helpers supported for program type tracing:\n\tCould not determine which helpers are available\n\n" +
				"Scanning miscellaneous eBPF features...\nLarge program size limit is available\nBounded loop support is NOT available\nISA extension v4 is NOT available\n\n",
			`{"syscall_config":{"have_bpf_syscall":true},"program_types":{"have_xdp_prog_type":true,"have_lirc_mode2_prog_type":false,"have_tracing_prog_type":true},` +
				`"map_types":{"have_hash_map_type":true,"have_rhash_map_type":false},` +
				`"helpers":{"xdp_available_helpers":["bpf_redirect"],"lirc_mode2_available_helpers":[],"tracing_available_helpers":[]},` +
				`"misc":{"have_large_insn_limit":true,"have_bounded_loops":false,"have_v4_isa_extension":false}}`,
			"/*** System call availability ***/\n#define P_HAVE_BPF_SYSCALL\n\n" +
				"/*** eBPF program types ***/\n#define P_HAVE_XDP_PROG_TYPE\n#define P_NO_HAVE_LIRC_MODE2_PROG_TYPE\n#define P_HAVE_TRACING_PROG_TYPE\n\n" +
				"/*** eBPF map types ***/\n#define P_HAVE_HASH_MAP_TYPE\n#define P_NO_HAVE_RHASH_MAP_TYPE\n\n" +
				"/*** eBPF helper functions ***/\n/*\n * Use P_HAVE_PROG_TYPE_HELPER(prog_type_name, helper_name)\n * to determine if <helper_name> is available for <prog_type_name>,\n" +
				" * e.g.\n *	#if P_HAVE_PROG_TYPE_HELPER(xdp, bpf_redirect)\n *		// do stuff with this helper\n *	#elif\n *		// use a workaround\n *	#endif\n */\n" +
				"#define P_HAVE_PROG_TYPE_HELPER(prog_type, helper)	\\\n	P_BPF__PROG_TYPE_ ## prog_type ## __HELPER_ ## helper\n" +
				"#define P_BPF__PROG_TYPE_xdp__HELPER_bpf_redirect 1\n#define P_BPF__PROG_TYPE_xdp__HELPER_bpf_sk_lookup_tcp 0\n\n" +
				"/*** eBPF misc features ***/\n#define P_HAVE_LARGE_INSN_LIMIT\n#define P_NO_HAVE_BOUNDED_LOOPS\n#define P_NO_HAVE_V4_ISA_EXTENSION\n\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := describe(tt.system, tt.found)
			var plain, macros bytes.Buffer
			for to, face := range map[*bytes.Buffer]func(*bufio.Writer){
				&plain: f.Plain, &macros: func(w *bufio.Writer) { f.Macros(w, "P_") },
			} {
				w := bufio.NewWriter(to)
				face(w)
				w.Flush()
			}
			inJSON, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, face := range [][2]string{{tt.plain, plain.String()}, {tt.json, string(inJSON)}, {tt.macros, macros.String()}} {
				if diff := cmp.Diff(face[0], face[1]); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name string
		s    Settings
		want string
	}{
		{
			"nothing can be read", Settings{-1, -1, -1, -1, -1},
			"Unable to retrieve required privileges for bpf() syscall\nUnable to retrieve JIT-compiler status\nUnable to retrieve JIT hardening status\n" +
				"Unable to retrieve JIT kallsyms export status\nUnable to retrieve global memory limit for JIT compiler for unprivileged users\n",
		},
		{
			"values to come", Settings{3, 3, 3, 2, 0},
			"bpf() syscall restriction has unknown value 3\nJIT-compiler status has unknown value 3\nJIT hardening status has unknown value 3\n" +
				"JIT kallsyms exports status has unknown value 2\nGlobal memory limit for JIT compiler for unprivileged users is 0 bytes\n",
		},
		{
			"all is off", Settings{1, 0, 0, 0, -2},
			"bpf() syscall restricted to privileged users (without recovery)\nJIT compiler is disabled\nJIT compiler hardening is disabled\n" +
				"JIT compiler kallsyms exports are disabled\nGlobal memory limit for JIT compiler for unprivileged users is -2 bytes\n",
		},
		{
			"all is on", Settings{2, 1, 2, -7, 1},
			"bpf() syscall restricted to privileged users (admin can change)\nJIT compiler is enabled\nJIT compiler hardening is enabled for all users\n" +
				"JIT kallsyms exports status has unknown value -7\nGlobal memory limit for JIT compiler for unprivileged users is 1 bytes\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			w := bufio.NewWriter(&b)
			tt.s.Plain(w)
			w.Flush()
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestUnread makes sure that what is wrong with a configuration is said.
func TestUnread(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("configuration: %w", os.ErrNotExist), "can't open file: No such file or directory"},
		{fmt.Errorf("file: %w", kconfig.ErrOther), "can't find correct file"},
		{fmt.Errorf("file: %w", unix.EACCES), "can't open file: Permission denied"},
	} {
		if got := unread(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestReadRequest(t *testing.T) {
	tests := []struct {
		words []string
		want  request
		wrong string
	}{
		{nil, request{}, ""},
		{[]string{"k", "f", "u", "m", "p", "X_"}, request{kernel: true, macros: true, prefix: "X_", scope: probe.Scope{Noisy: true, Unprivileged: true}}, ""},
		{[]string{"macros", "prefix", "", "prefix", "X_"}, request{macros: true, prefix: "X_"}, ""},
		{[]string{"kernel", "kernel"}, request{}, "component to probe already specified"},
		{[]string{"kernel", "dev", "lo"}, request{}, "component to probe already specified"},
		{[]string{"d"}, request{}, "'d' needs at least 1 arguments, 0 found"},
		{[]string{"dev", "no such"}, request{}, "unrecognized netdevice 'no such': No such device"},
		{[]string{"prefix", "X_"}, request{}, "'prefix' argument can only be use after 'macros'"},
		{[]string{"macros", "prefix", "X_", "prefix", "Y_"}, request{}, "'prefix' already defined"},
		{[]string{"macros", "macros"}, request{}, "expected no more arguments, 'kernel', 'dev', 'macros' or 'prefix', got: 'macros'?"},
	}
	for _, tt := range tests {
		got, err := readRequest(args.New("probe", tt.words))
		said := ""
		if err != nil {
			said, got = err.Error(), request{}
		}
		if got != tt.want || said != tt.wrong {
			t.Errorf("%q: %+v, %q", tt.words, got, said)
		}
	}
}
