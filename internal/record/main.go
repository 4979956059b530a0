// Record makes the recordings that the tests of packages prog, mapcmd, link, btfcmd and
// feature replay: what the C bpftool prints about objects of package fixture, and about the kernel.
//
//	record [-o DIR] [-unless DIR] [-suffix WORD] [KIND/NAME...]
//
// Each recording is a file NAME.txtar in the package that it is for, below DIR,
// the root of the module. It says which bpftool printed it on which kernel, asked
// what, and has its answer as JSON, indented JSON and plain text. What this kernel
// cannot make is left out.
//
// KIND is prog, map, link, btf or feature, and NAME a row of package fixture or of the
// tables here. Both may be patterns. Without any, all is recorded but the lists of
// everything that is loaded, NAME "list*": they are for guests, where that is
// nothing else.
//
// With -unless, what DIR has already is left out, so that one kernel after the
// other can be asked for what those before could not make. With -suffix the files
// are called NAME.WORD.txtar, for more than one recording of a kind.
//
// It runs as root. The C tool is that of fixture.Reference. testdata/lab/record.sh
// makes all recordings anew.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/cilium/ebpf"
	"golang.org/x/tools/txtar"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/replay"
)

func main() { os.Exit(fixture.Isolate(run)) }

func run() int {
	if err := settle(); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		return 1
	}
	r := recorder{}
	flag.StringVar(&r.out, "o", ".", "write below `DIR`")
	flag.StringVar(&r.unless, "unless", "", "leave out what `DIR` has")
	flag.StringVar(&r.suffix, "suffix", "", "call the files NAME.`WORD`.txtar")
	flag.Parse()
	if err := r.record(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		return 1
	}
	return 0
}

// folders says where the recordings of each kind of object belong.
var folders = map[string]string{
	"prog": "prog/testdata/show",
	"map":  "mapcmd/testdata/show",
	"link": "link/testdata/show",
	"btf":  "btfcmd/testdata/show",

	"feature": "feature/testdata/probe",
}

// withoutPlain are the subjects whose plain text does not follow from the JSON,
// and why.
var withoutPlain = map[string]string{
	"prog/xdp.metadata": "bit-fields and pointers in metadata are spelt in another way",
}

type recorder struct {
	out, unless, suffix string

	reference *reference
}

// record records the subjects that match a pattern.
func (r *recorder) record(patterns []string) error {
	var err error
	if r.reference, err = newReference(); err != nil {
		return err
	}
	all := subjects()
	for _, p := range patterns {
		if !slices.ContainsFunc(all, func(s subject) bool { return s.matches(p) }) {
			return fmt.Errorf("what is %q?", p)
		}
	}
	var errs []error
	for _, s := range all {
		if !s.wanted(patterns) || r.unless != "" && exists(r.path(r.unless, s)) {
			continue
		}
		err := r.one(s)
		if errors.Is(err, ebpf.ErrNotSupported) {
			fmt.Fprintf(os.Stderr, "record: leaving out %s: %v\n", s, err)
		} else if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s, err))
		}
	}
	return errors.Join(errs...)
}

// one records one subject.
func (r *recorder) one(s subject) error {
	sc := &scene{reference: r.reference}
	defer sc.close()
	args, err := s.ask(sc)
	if err != nil {
		return err
	}
	ar, err := r.reference.ask(args)
	if err != nil {
		return err
	}
	if why, ok := withoutPlain[s.String()]; ok {
		ar.Comment = append(bytes.TrimSuffix(ar.Comment, []byte("\n")), replay.NoPlain+why+"\n\n"...)
		ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == replay.Plain })
	}
	path := r.path(r.out, s)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, txtar.Format(ar), 0o666)
}

// path returns where below a root the recording of a subject is.
func (r *recorder) path(root string, s subject) string {
	name := s.name
	if r.suffix != "" {
		name += "." + r.suffix
	}
	return filepath.Join(root, folders[s.kind], name+".txtar")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
