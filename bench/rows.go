package main

import "time"

// Surroundings say which processes the tools can see.
type surroundings string

const (
	alone     surroundings = "alone"      // only the launcher and the tool itself
	inCompany surroundings = "in company" // every process of the machine
)

// A rival is the build of the C tool that a row compares with.
type rival int

const (
	reference rival = iota // as distributions ship it
	holding                // able to show which processes hold an object
	nobody                 // none has the command
	objdump                // not the C tool, but what disassembles the same machine code: see objdumpArgs
)

// A goal is what gobpftool must not exceed in a row. A zero field is no goal.
type goal struct {
	wall          time.Duration // median wall time
	ratio         float64       // median wall time, as a multiple of the rival's
	perDescriptor time.Duration // cost of finding holders, for each descriptor open on the machine
	peak          int64         // memory in bytes; usualPeak if there is no other goal
}

// usualPeak is what the peak memory of no row may exceed, in bytes.
const usualPeak = 40 << 20

// types is the goal of rows that print the kernel's types.
func types(ratio float64) goal { return goal{ratio: ratio, peak: 32 << 20} }

// A row is one comparison.
type row struct {
	// command is the arguments of both tools, separated by blanks. {dir} is a directory
	// for files, {large} the ID of the largest program, {pins} a directory for pinned objects, which is
	// empty before each run. {c} asks gobpftool for C, and is nothing for the C tool.
	command string
	where   surroundings
	against rival
	goal    goal
	runs    int // how often each tool is run, if not as usual
}

// fewRuns is how often commands are run that take the C tool seconds.
const fewRuns = 7

// dump is the row of a command that dumps a map.
func dump(command string, ratio float64) row {
	return row{command, inCompany, reference, goal{ratio: ratio}, fewRuns}
}

// moved is the row of a command that writes a million entries to a file, or reads
// them from there.
func moved(command string) row {
	return row{command, inCompany, nobody, goal{wall: 4 * time.Second, peak: 64 << 20}, fewRuns}
}

// check is the row of an object that is checked against the kernels in a directory.
func check(kernels string, wall time.Duration) row {
	return row{"object check " + checked + " btf {dir}/" + kernels, inCompany, nobody, goal{wall: wall, peak: 400 << 20}, fewRuns}
}

// objdumpArgs are the arguments for objdump, which knows no BPF, to do what rows against it
// do. The file is that of [population.addCode].
const objdumpArgs = "-D -b binary -mi386:x86-64 -M suffix {dir}/code"

// inC stands for the words that ask for C, see [row].
const inC = "{c}"

// pinsPlace stands for the directory for pinned objects.
const pinsPlace = "{pins}"

// rows returns the comparisons in the order in which they are made.
func rows() []row {
	var (
		listing = goal{ratio: 1.1}
		holders = goal{ratio: 0.5, perDescriptor: 10 * time.Microsecond}
		none    goal
	)
	return []row{
		{"version", inCompany, reference, goal{wall: 10 * time.Millisecond}, 0},

		{"prog list", alone, reference, listing, 0},
		{"-j prog list", alone, reference, listing, 0},
		{"map list", alone, reference, listing, 0},
		{"-j map list", alone, reference, listing, 0},
		{"link list", alone, reference, none, 0},
		{"btf list", alone, reference, none, 0},

		{"prog list", inCompany, holding, holders, 0},
		{"-j prog list", inCompany, holding, holders, 0},
		{"map list", inCompany, holding, holders, 0},
		{"-j map list", inCompany, holding, holders, 0},
		{"link list", inCompany, holding, none, 0},
		{"btf list", inCompany, holding, none, 0},

		{"btf dump file /sys/kernel/btf/vmlinux format raw", inCompany, reference, types(0.45), 0},
		{"-j btf dump file /sys/kernel/btf/vmlinux format raw", inCompany, reference, types(0.5), 0},
		{"btf dump file /sys/kernel/btf/vmlinux format c", inCompany, reference, types(0.6), 0},
		{"btf dump file /sys/kernel/btf/vmlinux format json", inCompany, nobody, types(0), 0},
		{"btf dump file /sys/kernel/btf/vmlinux format go", inCompany, nobody, types(0), 0},
		{"btf layout *", inCompany, nobody, types(0), 0},

		dump("map dump name bench_bytes", 0.2),
		dump("-j map dump name bench_bytes", 0.2),
		dump("map dump name bench_struct", 0.25),
		dump("-j map dump name bench_struct", 0.25),
		dump("map dump name bench_percpu", 0.5),
		dump("-j map dump name bench_percpu", 0.5),

		{"prog dump xlated id {large}", inCompany, reference, goal{ratio: 0.6}, 0},
		{"-j prog dump xlated id {large}", inCompany, reference, goal{ratio: 0.6}, 0},
		{"prog dump xlated id {large} opcodes linum", inCompany, reference, goal{ratio: 0.6}, 0},
		{"prog dump jited id {large}", inCompany, objdump, goal{ratio: 1}, 0},

		{"prog loadall internal/elfobj/testdata/data.bpfel.o {pins}/x", inCompany, reference, goal{ratio: 1.1}, 0},
		{"prog loadall testdata/programs/tp_btf.o {pins}/x", inCompany, reference, goal{ratio: 1.1}, 0},
		{"prog loadall internal/elfobj/testdata/slots.bpfel.o {pins}/x pinmaps {pins}/m", inCompany, reference, goal{ratio: 1.1}, 0},
		{"prog loadall bench/testdata/load.bpf.o {pins}/x", inCompany, reference, goal{ratio: 1.1}, 0},

		// Ours is in Go, the reference's in C.
		{"gen skeleton internal/skeleton/every/every.bpf.o", inCompany, reference, goal{ratio: 1}, 0},
		{"gen skeleton bench/testdata/load.bpf.o", inCompany, reference, goal{ratio: 1}, 0},
		{"gen skeleton bench/testdata/load.bpf.o {c}", inCompany, reference, goal{ratio: 0.6}, 0},

		{"feature probe kernel", inCompany, reference, goal{ratio: 0.8}, 0},
		{"feature audit", inCompany, nobody, goal{wall: 100 * time.Millisecond}, 0},

		moved("map export name bench_struct {dir}/struct"),
		moved("map import name bench_struct {dir}/struct"),
		moved("map export name bench_bytes {dir}/bytes"),
		moved("map import name bench_bytes {dir}/bytes"),

		check("raw", 2*time.Second),
		check("xz", 4*time.Second),
		check("many", 0),
	}
}
