// Command bench compares the speed and memory of gobpftool with those of the C
// tool, and prints the result as Markdown.
//
// Run it as root from the root of the module:
//
//	go run ./bench > bench/RESULTS.md
//
// # How the numbers are taken
//
// The bench loads 500 programs, 2000 maps and 10 links, and fills three maps with
// up to a million entries, and loads a program of 50,000 instructions. It holds them, and removes them by closing them at the
// end. It builds gobpftool as a release is built. For each row of the table in
// rows.go it then starts itself once more as a launcher, a small process that runs
// the two tools in turns: one run of each that is not counted, then as many as
// -runs says, or fewer for what takes the C tool seconds, the order changing from
// turn to turn. So both meet the same caches and the same neighbours. A time is
// wall time from before fork to after wait; the output goes to /dev/null. Ratios
// are those of gobpftool to the C tool; verdicts go by the median.
//
// A row is taken in one of two surroundings. "Alone", the launcher is the first
// process of a PID namespace with its own /proc: nobody whom the tools can see
// holds an object, so they only list. "In company", the tools see the whole
// machine, where the bench holds everything, and have to find that out.
//
// A build of the C tool that cannot show holders is a fair rival only alone.
// In company the rival is a build that can. Such a build may find none on some
// kernels (its iterator needs the kernel's data symbols, CONFIG_KALLSYMS_ALL);
// the report says so, for then it did less than was asked of it.
//
// Machine code is disassembled by builds of the C tool with LLVM alone, which take their
// time to start: the rival there is objdump, over the same bytes in a file.
//
// Peak memory is ru_maxrss of the tool. Linux counts what the launcher occupied
// before exec as the tool's, so a value at or below the launcher's own, which
// is given as the floor, says only that the tool did not need more.
//
// The tool is built as the README says: the build tag leaves out what the
// library of the command line has for generating documents, which costs every
// start half a millisecond.
//
// Objects are checked against kernels without a rival: twelve files of types, raw and
// compressed, and a hundred compressed ones ("many"). A thousand take ten times as long as a
// hundred, for each is dropped before the next is read. The files are those of the directory
// in BENCH_KERNELS, RELEASE.btf.xz, or the running kernel's types twelve times.
//
// # Adding a row
//
// Add a line to the table in rows.go. What a new row lists must be in the
// population (population.go), so that the machine's own objects do not decide
// the result.
package main
