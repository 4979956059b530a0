// Package feature answers "gobpftool feature".
package feature

import "github.com/gobpftool/gobpftool/internal/call"

// Commands is the object "feature".
var Commands = call.Object{
	Name:  "feature",
	Short: "what the kernel can do with BPF",
	Verbs: []call.Verb{
		{Name: "probe", Args: "[{ kernel | dev NAME }] [full] [unprivileged] [macros [prefix PREFIX]]", Short: "Find out what the kernel or a network device can do", Long: probeLong, Run: probeFeatures},
		{Name: "list_builtins", Args: "GROUP", Short: "List the names of types and helpers that this tool knows", Long: listLong, Run: listBuiltins},
		{Name: call.Help},
	},
	Terms: []call.Term{
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

	gobpftool feature probe
	gobpftool feature probe macros prefix MY_ > features.h`

const listLong = `Lists names by their numbers, from 0 on. They are those that this tool knows, whatever the running kernel does.

	gobpftool feature list_builtins helpers`
