// Package prog answers "gobpftool prog".
package prog

import (
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/pick"
)

// Commands is the object "prog".
var Commands = call.Object{
	Name:  "prog",
	Short: "programs that are loaded into the kernel",
	Verbs: []call.Verb{
		{Name: "show", Args: "[PROG [used]]", Short: "Show loaded programs", Long: showLong, Run: show},
		{Name: "list", Like: "show"},
		{Name: call.Help},
		{Name: "dump", Args: dumpArgs, Short: "Show the code of programs", Long: dumpLong, Run: dump},
		{Name: "pin", Args: "PROG FILE", Short: "Pin a program", Long: pinLong, Run: pin},
		{Name: "load", Args: loadArgs, Short: "Load an object and pin its first program", Long: loadLong, Run: loadFirst},
		{Name: "loadall", Args: loadArgs, Short: "Load an object and pin its programs in a directory", Long: loadLong, Run: loadAll},
		{Name: "attach", Args: attachArgs, Short: "Attach a program to sockets of a map, or as flow dissector", Long: attachLong, Run: attachDirectly},
		{Name: "detach", Args: attachArgs, Short: "Detach a program from where attach has attached it", Long: detachLong, Run: detachDirectly},
		{Name: "tracelog", Args: "[{ stdout | stderr } PROG]", Short: "Show what programs print", Long: tracelogLong, Run: tracelog},
		{Name: "run", Args: runArgs, Short: "Run a program on data of a file", Long: runLong, Run: run},
		{Name: "profile", Args: profileArgs, Short: "Count what happens while a program runs", Long: profileLong, Run: profileProg},
	},
	Terms: []call.Term{
		pick.ProgTerm, {Name: "OBJ", Syntax: "FILE"}, {Name: "PROGRAM", Syntax: "NAME"},
		{Name: "ATTACH_TYPE", Syntax: "{ sk_msg_verdict | sk_skb_verdict | sk_skb_stream_verdict | sk_skb_stream_parser }"},
		pick.MapTerm,
		{Name: "METRIC", Syntax: "{ cycles | instructions | l1d_loads | llc_misses | itlb_misses | dtlb_misses }"},
	},
	Options: "fmnL",
}

const loadArgs = "OBJ PATH [type TYPE] [{ offload_dev | xdpmeta_dev } NAME] [map { idx IDX | name NAME } MAP]... " +
	"[pinmaps DIR] [autoattach] [kernel_btf FILE] [report { FILE | - }] [log FILE]"

const loadLong = `Loads an ELF object: its maps, with what they have from the start, and its programs, all of them ` +
	`or nothing. What is made for a load that fails, or is interrupted, is taken away again. ` +
	`With load the first program is pinned at PATH, with loadall each one under its name in the directory PATH, ` +
	`on which a BPF file system is mounted if it is in none. Programs in sections whose names start with "?" are left out.

The section of a program says what it is; with type, all programs are what the section TYPE says. ` +
	`With map, a map that is there already takes the place of one of the object, by its number from 0 on or its name. ` +
	`With offload_dev programs and maps are for a network device, with xdpmeta_dev XDP programs are bound to one. ` +
	`With pinmaps the maps are pinned in a directory, dots in their names as underscores. ` +
	`With autoattach programs are attached to what their sections name, and the links are pinned; ` +
	`those that cannot be are pinned as they are, with the reason. ` +
	`With kernel_btf relocations are by the types in a file instead of the running kernel's.

With report the relocations are listed with what became of them on this kernel, as "object relocs" does. ` +
	`If one is why a program is refused, it is the error. If the verifier refuses a program, its last words are told, ` +
	`the instruction, the line of source and what may be done about it; with log all of what it says goes to a file, ` +
	`and with --debug to standard error, of programs that are loaded as well.

Where rights are missing, the one that is missing is named with the evidence. In a user namespace a token is made of ` +
	`the BPF file system at /sys/fs/bpf, or at $LIBBPF_BPF_TOKEN_PATH, if that delegates anything.

	gobpftool prog load xdp.bpf.o /sys/fs/bpf/xdp
	gobpftool prog loadall trace.bpf.o /sys/fs/bpf/trace pinmaps /sys/fs/bpf/trace_maps autoattach
	gobpftool prog load trace.bpf.o /sys/fs/bpf/t report -`

const profileArgs = "PROG [duration SECONDS] METRIC..."

const profileLong = `Counts how often a program runs, and what happens within its runs, on all processors together: ` +
	`for as many seconds as are given, or until it is interrupted. Then it shows the sums. ` +
	`At most four metrics can be counted at a time. They are cycles and instructions of the processor, reads of its first cache of data ` +
	`(l1d_loads), and reads that are not in the last cache (llc_misses) or in the cache of addresses of ` +
	`instructions (itlb_misses) or data (dtlb_misses).

Where it makes sense, and the other metric is counted as well, a metric is also shown in relation to cycles or to instructions. A share in parentheses ` +
	`says for which part of the time a metric was counted, if there are not enough counters for all of them: ` +
	`the sums are not scaled by it.

The program must have BTF, and must not be one that traces functions itself, as kernels before Linux 6.8 let nothing attach to these. ` +
	`Reading the counters takes some cycles, which are counted, too. ` +
	`A run that is interrupted by another one on the same processor is left out. The metrics need counters of the processor, which most virtual machines do not have.

	gobpftool prog profile name xdp_pass duration 10 cycles instructions`

const dumpArgs = "{ xlated { PROG | object OBJ [PROGRAM] } | jited PROG } " +
	"[{ file FILE | [opcodes] [linum] [visual [format { dot | html }]] }]"

const dumpLong = `Shows the instructions of loaded programs as the kernel runs them, after the verifier has changed them (xlated), ` +
	`or the machine code that the kernel's compiler has made of them (jited), with the lines of source ` +
	`and the functions that their types tell about. Several programs may have the same name or tag: each has a heading.

With object, the instructions are those of a program that is not loaded, or of all programs of an ELF object, ` +
	`with the functions that they call behind them. What they refer to is named: maps, variables, functions, ` +
	`symbols of the kernel and of its configuration; and so is what they need to know of the kernel's types (CO-RE). ` +
	`It needs no rights, and the object may be for machines of the other byte order.

Machine code is that of x86-64, arm64, riscv64, s390x, ppc64le or loong64. What it calls and jumps to is named, ` +
	`and so are the maps and the variables of each processor whose addresses it has. ` +
	`Bytes that are no known instruction are shown as data.

With opcodes, the bytes of each instruction follow it; with linum, lines are shown with their file, number and column. ` +
	`With file, the bytes are written to a file as they are. With visual, the graph of the control flow of one program is drawn: ` +
	`in the language of Graphviz, or as a page (html) that needs nothing but a browser.

	gobpftool prog dump xlated name xdp_pass linum
	gobpftool prog dump xlated object xdp.bpf.o xdp_pass
	gobpftool prog dump jited id 42 opcodes
	gobpftool prog dump xlated id 42 visual format html > graph.html`

const showLong = `Shows all loaded programs, or those that the selector names, one after the other. ` +
	`A name is the full name of the program's main function where the program has BTF, and not cut at 15 characters.

Run time and run count are shown while the kernel collects statistics (sysctl kernel.bpf_stats_enabled). ` +
	`With --bpffs the paths are shown at which programs are pinned. ` +
	`Processes that hold a descriptor of a program are listed under "pids". ` +
	`Variables of read-only data whose names start with bpf_metadata_ are shown under "metadata".

With used, it is also shown what the program uses and what uses it: the helpers and kfuncs that it calls, but for those that the verifier has put in line; the maps that it mentions; where it is attached, ` +
	`with a link or without; which programs replace or trace functions of it; which processes hold it, with their cgroup ` +
	`and unit of systemd; and so why it is still loaded. Links, and maps that hold the program, are shown with what keeps them. ` +
	`Places are those of network devices, traffic control, routes, cgroups, the network namespace in which the tool runs, ` +
	`receivers of infrared signals, perf events of processes, and maps. What could not be looked at is listed, ` +
	`if the program may be attached there. The kernel never tells about programs of sockets, ` +
	`nor about other network namespaces but for links: run the tool there (nsenter -n).`

const pinLong = `Pins a program at a path, so that it stays loaded and can be found there. ` +
	`A BPF file system is mounted on its directory if it is not in one, unless --nomount forbids it.`

const attachArgs = "PROG { ATTACH_TYPE MAP | flow_dissector }"

const attachLong = `Attaches a program to a map of sockets (sockmap, sockhash): it decides about the data of sockets ` +
	`that are put into the map from then on. As flow_dissector it takes packets apart for the network namespace in which the tool runs.

There is no link: the program stays attached when the tool ends, until it is detached, or the map or the namespace is gone. ` +
	`In the place of the attach types, beginnings of stream_parser, stream_verdict, msg_verdict and skb_verdict are understood.

	gobpftool prog attach pinned /sys/fs/bpf/redirect sk_msg_verdict name socks`

const detachLong = `Detaches a program from a map of sockets, or as flow dissector of the network namespace in which the tool runs. ` +
	`Sockets that are in the map already may go on with it.`

const runArgs = "PROG { data_in FILE | ctx_in FILE | data_out FILE | data_size_out L | ctx_out FILE | ctx_size_out M | repeat N }..."

const runLong = `Runs a program in the kernel, once or N times, on data such as a packet and on a context, as its type has it: ` +
	`for programs of sockets and traffic control data of 14 bytes and more, for XDP as well, and a struct __sk_buff or xdp_md; ` +
	`for sk_lookup, syscall and raw_tracepoint programs just a context. The kernel says Invalid argument to what a type does not take. ` +
	`Programs of many types, such as kprobe, cannot be run at all.

It shows the return value and for how many nanoseconds a run went on, on average. What has become of data and context is written to ` +
	`the files behind data_out and ctx_out, or with "-" shown; L and M are the bytes that there is room for (32768). ` +
	`Input may be "-", too, for standard input.

	gobpftool prog run name xdp_pass data_in packet.bin data_out - repeat 1000
	gobpftool prog run pinned /sys/fs/bpf/setup ctx_in /dev/null`

const tracelogLong = `Shows what programs print with bpf_trace_printk, and all else that comes out of the kernel's trace_pipe, as it comes, ` +
	`until SIGINT, SIGHUP or SIGTERM ends it. What is shown here is not shown to another reader. ` +
	`tracefs is mounted if it is not yet, unless --nomount forbids it.

With stdout or stderr, shows what one program has written to that stream of its own since it was last read (Linux 6.17). ` +
	`The kernel itself writes to stderr, such as about loops that do not end. In JSON both are lists of lines on standard output.

	gobpftool prog tracelog
	gobpftool prog tracelog stderr name my_prog`
