// Package feature answers "gobpftool feature".
package feature

import (
	"strings"

	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/require"
)

// Commands is the object "feature".
var Commands = call.Object{
	Name:  "feature",
	Short: "what the kernel can do with BPF",
	Verbs: []call.Verb{
		{Name: "probe", Args: "[{ kernel | dev NAME }] [full] [unprivileged] [{ macros [prefix PREFIX] | why [about NAME] }]", Short: "Find out what the kernel or a network device can do", Long: probeLong, Run: probeFeatures},
		{Name: "list_builtins", Args: "GROUP", Short: "List the names of types and helpers that this tool knows", Long: listLong, Run: listBuiltins},
		{Name: "audit", Args: "[format { text | sarif | openmetrics | html }] [fail_on { warn | fail }]", Short: "Tell how well, and how safely, this system is set up for BPF", Long: auditLong, Run: auditSystem},
		{Name: "require", Args: "{ PROFILE | FILE | object OBJ } [kernel SAVED]", Short: "Tell whether the kernel has what something requires", Long: requireLong, Run: requireFeatures},
		{Name: "diff", Args: "SAVED SAVED", Short: "Compare two saved probes or audits", Long: diffLong, Run: diffSaved},
		{Name: call.Help},
	},
	Terms: []call.Term{
		{Name: "PROFILE", Syntax: "{ " + strings.Join(require.Profiles(), " | ") + " }"},
		{Name: "SAVED", Syntax: "FILE"},
		{Name: "OBJ", Syntax: "FILE"},
		{Name: "GROUP", Syntax: "{ prog_types | map_types | attach_types | link_types | helpers }"},
	},
}

const probeLong = `Shows how BPF is configured in the running kernel, and which types of programs and maps, which helpers and ` +
	`which instructions it knows. That is found out by loading programs and making maps, which are let go at once: nothing is left behind. ` +
	`With dev it is what can be offloaded to a network device.

Helpers with which a program makes the kernel write to its log as soon as it is loaded, bpf_trace_printk, bpf_trace_vprintk and bpf_probe_write_user, ` +
	`are left out unless full asks for them. ` +
	`With unprivileged all capabilities are given up before anything is asked; without, those that BPF takes must be there.

With macros the answer is a header for C, with #define lines whose names may get a prefix. JSON has none of that.

The kernel's configuration is that of /boot, /proc/config.gz, or where distributions install it beside the modules. If there is none, ` +
	`or it cannot be read, that is said, and no option is shown as not set.

With why each thing has one of four answers, yes, no, denied or unknown, and what that rests on: what the kernel said when it was tried, ` +
	`and what the types of the kernel have, which takes no rights. Denied is what was refused to whoever asks, with the cause as far as it can be told. ` +
	`Where one method says yes and the other no, that is said. More is asked about: attach types, links, flags and batch operations of maps, ` +
	`kinds of types, instructions, functions of the kernel and which programs may call them, tokens, security modules and lockdown. ` +
	`about shows only rows about a name, a type or a kind. As JSON it can be saved, for require and diff.

	gobpftool feature probe
	gobpftool feature probe macros prefix MY_ > features.h
	gobpftool feature probe why about ringbuf
	gobpftool -j feature probe why > host.json`

const requireLong = `Tells whether the running kernel has what a profile, a file or an object requires, for whoever asks, or with kernel whether a saved ` +
	`one has, which is what feature probe why writes as JSON, or feature probe. ` +
	`The exit status is 0 if all is there that is not optional, and 3 if not, also where that is denied or unknown.

A file has a row for each requirement: a kind and a name, such as map type ringbuf, helper bpf_loop for kprobe or option CONFIG_BPF_JIT. ` +
	`Rows may begin with optional; those that begin with # are comments, and source names what says so.

Of an object it is what object requires finds, and on the running kernel what its relocations and names ask for.

	gobpftool feature require co-re
	gobpftool feature require object tool.bpf.o kernel host.json`

const listLong = `Lists names by their numbers, from 0 on. They are those that this tool knows, whatever the running kernel does.

	gobpftool feature list_builtins helpers`

const auditLong = `Looks at the settings of the JIT compiler and for users without rights, at lockdown and security modules, the limit of locked memory, ` +
	`the types of kernel and modules, the file systems that BPF needs, the capabilities of the process that asks, and the kernel's configuration, ` +
	`and asks the kernel for what kernels of its version have. Each finding is pass, note, warn or fail, with what was seen, why it matters and the command that mends it; or unknown where something could not be read, ` +
	`which is never taken for something that is not set. docs/audit/findings.md lists all findings.

Nothing is changed or left behind, and no rights are needed, but users without rights may not read everything, nor may the kernel answer them. ` +
	`JSON has what was read as well, and where; docs/schemas has its schema.

With fail_on the exit status is 3 if a finding is as bad as that or worse, and 4 if none is, but something is unknown: in most containers something is, ` +
	`as they see neither lockdown nor the settings of the JIT compiler.

	gobpftool feature audit
	gobpftool feature audit fail_on fail
	gobpftool feature audit format html > audit.html`

const diffLong = `Compares two files with what feature probe, feature probe why or feature audit wrote as JSON, on two hosts or of two kernels; ` +
	`those of the C tool may be among them. Of two probes the answers are compared, not what they rest on; of two audits also what was seen. ` +
	`If the files are of different forms, it is what both have. The exit status is 3 if something differs.

	gobpftool -j feature probe why > a.json
	gobpftool feature diff a.json b.json`
