// Corpus compares what gobpftool and the C bpftool print about many BPF objects
// of public projects and about the BTF of kernels, and prints the result as
// Markdown.
//
//	go run ./internal/corpus -objects DIR [-btf DIR]... > testdata/corpus/RESULTS.md
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
// It runs at the root of the module. The C tool is that of fixture.Reference; the
// tool runs within this process.
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
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

var errDiffers = errors.New("there are differences that no row excuses")

func run() error {
	objects := flag.String("objects", "", "compare over the objects below `DIR`")
	var kernels []string
	flag.Func("btf", "compare over the kernels' types below `DIR`, too", func(dir string) error {
		kernels = append(kernels, dir)
		return nil
	})
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	t, err := newTools()
	if err != nil {
		return err
	}
	groups, err := readObjects(*objects)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "gobpftool-corpus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for _, dir := range kernels {
		more, err := readKernels(dir, tmp)
		if err != nil {
			return err
		}
		groups = append(groups, more...)
	}
	if err := t.compareAll(ctx, groups); err != nil {
		return err
	}
	r := report{reference: t.version, groups: groups}
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if r.count(differs) > 0 {
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
	t := &tools{reference: path, table: string(table)}
	t.version, _, _ = strings.Cut(string(version), "\n")
	return t, nil
}
