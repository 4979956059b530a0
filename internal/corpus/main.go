// Corpus compares what gobpftool and the C bpftool print about many BPF objects
// of public projects and about the BTF of kernels, and prints the result as
// Markdown.
//
//	go run ./internal/corpus -objects DIR [-btf DIR]... > testdata/corpus/RESULTS.md
//	go run ./internal/corpus -programs -objects DIR > testdata/corpus/PROGRAMS.md
//	go run ./internal/corpus -guests DIR -objects DIR > testdata/corpus/CHECK.md
//	go run ./internal/corpus -loads -objects DIR [-guests DIR] [-kept DIR] > testdata/corpus/LOADS.md
//	go run ./internal/corpus -skeletons -objects DIR > testdata/corpus/SKELETONS.md
//	go run ./internal/corpus -headers -objects DIR > testdata/corpus/HEADERS.md
//	go run ./internal/corpus -relocs -objects DIR -btf DIR > testdata/corpus/RELOCS.md
//
// DIR of -objects is what testdata/corpus/objects.sh made: OWNER/NAME/*.o, and
// beside them made.txt, which says what could not be compiled. DIR of -btf has
// RELEASE.btf, types of kernels, and modules/RELEASE/NAME.btf, those of their
// modules; any of them may be compressed.
//
// For each file both tools run all checks of the table in checks.go. What they
// write to standard output must be the same, byte for byte, and so must be
// whether they succeed. Where testdata/differences.txt excuses what differs, the
// report says by which row. The exit status is 1 if anything else differs.
//
// With -headers the checks are of skeletons in C, of objects alone.
//
// With -programs the objects' programs are loaded, as root, and both tools run
// the checks of programs.go about each; what the tool tells about machine code is
// compared with objdump. This happens in namespaces of its own, nothing is
// attached, and programs are gone when the process is.
//
// With -relocs libbpf, as root, is asked what it makes of each CO-RE relocation of
// the objects on each kernel, which is compared with what the tool makes of it.
//
// With -loads both tools load the objects, as root, each into a bpffs of its own, and what the kernel then has is
// compared: programs, maps and what they hold, translated instructions, types; or why they refuse them. What comes
// of each load can be kept, so that a run goes on where another ended. With -guests the same happens in virtual machines
// with the kernels below DIR, too.
//
// With -guests alone the reference loads the objects that have CO-RE relocations in virtual
// machines with the kernels below DIR, which testdata/lab/kernels.sh got, and what comes of
// it is compared with what "object check" says.
//
// With -skeletons skeletons are generated, vetted and compiled, and load the objects, as root, that
// "prog loadall" loads.
//
// It runs at the root of the module. The C tool is that of fixture.Reference; the
// tool runs within this process. GOMAXPROCS says how many files or programs are
// compared at once.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/fixture"
)

func main() {
	objects := flag.String("objects", "", "compare over the objects below `DIR`")
	programs := flag.Bool("programs", false, "compare over the programs in them instead of their types")
	relocs := flag.Bool("relocs", false, "compare over the relocations in them instead of their types")
	guests := flag.String("guests", "", "load the objects in guests with the kernels below `DIR`, and compare with what is said of them; with -loads, in these, too")
	loads := flag.Bool("loads", false, "load the objects with both tools, and compare what comes of it")
	skeletons := flag.Bool("skeletons", false, "generate skeletons of the objects, and load them by these")
	headers := flag.Bool("headers", false, "compare over skeletons in C instead of their types")
	kept := flag.String("kept", "", "with -loads, keep what comes of loading below `DIR`, and go on where that ended")
	var kernels []string
	flag.Func("btf", "compare over the kernels' types below `DIR`, too", func(dir string) error {
		kernels = append(kernels, dir)
		return nil
	})
	flag.Parse()
	if *loads {
		os.Exit(status(runLoads(*objects, *kept, *guests)))
	}
	if *guests != "" {
		os.Exit(status(runGuests(*objects, *guests)))
	}
	if *programs {
		os.Exit(fixture.Isolate(func() int { return status(runPrograms(*objects)) }))
	}
	if *skeletons {
		os.Exit(status(runSkeletons(*objects)))
	}
	if *relocs {
		os.Exit(fixture.Isolate(func() int { return status(runRelocs(*objects, kernels)) }))
	}
	r := report{title: "The tool and the reference", target: "corpus", checks: typeChecks}
	if *headers {
		r = report{title: "Skeletons in C", target: "corpus-headers", checks: headerChecks}
	}
	os.Exit(status(r.run(*objects, kernels)))
}

// status tells about an error, and returns the exit status.
func status(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		return 1
	}
	return 0
}

var errDiffers = errors.New("there are differences that no row excuses")

// prepare returns what is compared: the tools, and groups of objects. All is done
// when the context is, and over by calling stop.
func prepare(objects string) (ctx context.Context, t *tools, groups []*group, stop func(), err error) {
	t, err = newTools()
	if err != nil {
		return nil, nil, nil, nil, err
	}
	if groups, err = readObjects(objects); err != nil {
		return nil, nil, nil, nil, err
	}
	if t.tmp, err = os.MkdirTemp("", "gobpftool-corpus-"); err != nil {
		return nil, nil, nil, nil, err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	return ctx, t, groups, func() { cancel(); os.RemoveAll(t.tmp) }, nil
}

// run compares, over objects and the types of kernels, and prints r.
func (r *report) run(objects string, kernels []string) error {
	ctx, t, groups, stop, err := prepare(objects)
	if err != nil {
		return err
	}
	defer stop()
	for _, dir := range kernels {
		more, err := readKernels(dir, t.tmp)
		if err != nil {
			return err
		}
		groups = append(groups, more...)
	}
	t.checks = r.checks
	if err := t.compareAll(ctx, groups); err != nil {
		return err
	}
	r.reference, r.groups = t.version, groups
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if differ(r.results()) > 0 {
		return errDiffers
	}
	return nil
}

// runPrograms compares over programs.
func runPrograms(objects string) error {
	ctx, t, groups, stop, err := prepare(objects)
	if err != nil {
		return err
	}
	defer stop()
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return err
	}
	r := progReport{reference: t.version, kernel: strings.TrimSpace(string(kernel))}
	if r.repositories, err = t.comparePrograms(ctx, groups); err != nil {
		return err
	}
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if len(r.sum().differences()) > 0 {
		return errDiffers
	}
	return nil
}

// newTools finds the reference and reads the table of differences.
func newTools() (*tools, error) {
	path, ok := fixture.Reference()
	if !ok {
		return nil, fmt.Errorf("no reference at %s", path)
	}
	version, err := exec.Command(path, "version").Output()
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	table, err := os.ReadFile(differences.File)
	if err != nil {
		return nil, err
	}
	t := &tools{reference: path, table: string(table), answer: answerHere}
	t.version, _, _ = strings.Cut(string(version), "\n")
	return t, nil
}
