package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// A group is a line of the report: the objects of a repository, or the types of
// a kernel and of its modules.
type group struct {
	name   string
	made   string   // of which sources, or ""
	files  []*file  // by name
	failed []string // sources that could not be compiled, and why
}

// A file is what both tools are asked about.
type file struct {
	name    string // within its group
	path    string
	base    string   // path of the types of the kernel that it is a module of, or ""
	results []result // one for each check
}

// madeFile is where objects.sh says what it did for a repository.
const madeFile = "made.txt"

// readObjects finds what objects.sh made.
func readObjects(dir string) ([]*group, error) {
	made, err := filepath.Glob(filepath.Join(dir, "*", "*", madeFile))
	if err != nil {
		return nil, err
	}
	if len(made) == 0 {
		return nil, fmt.Errorf("no OWNER/NAME/%s below %q: run testdata/corpus/objects.sh first", madeFile, dir)
	}
	var groups []*group
	for _, path := range made {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		g := parseMade(string(text))
		parent, _ := filepath.Rel(dir, filepath.Dir(path))
		g.name = filepath.ToSlash(parent)
		objects, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.o"))
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			g.files = append(g.files, &file{name: filepath.Base(o), path: o})
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// parseMade reads the lines that objects.sh wrote: "made of: TARBALL", and
// "failed: SOURCE: WHY".
func parseMade(text string) *group {
	g := &group{}
	for line := range strings.Lines(text) {
		switch key, value, _ := strings.Cut(strings.TrimSpace(line), ": "); key {
		case "made of":
			g.made = value
		case "failed":
			g.failed = append(g.failed, value)
		}
	}
	return g
}

// readKernels unpacks types of kernels and of their modules into tmp.
func readKernels(dir, tmp string) ([]*group, error) {
	kernels, err := filepath.Glob(filepath.Join(dir, "*.btf*"))
	if err != nil {
		return nil, err
	}
	if len(kernels) == 0 {
		return nil, fmt.Errorf("no RELEASE.btf in %q", dir)
	}
	var groups []*group
	for _, path := range kernels {
		release, _, _ := strings.Cut(filepath.Base(path), ".btf")
		g := &group{name: "Linux " + release}
		modules, err := filepath.Glob(filepath.Join(dir, "modules", release, "*.btf*"))
		if err != nil {
			return nil, err
		}
		for _, path := range append([]string{path}, modules...) {
			f, err := unpackTo(tmp, release, path)
			if err != nil {
				return nil, err
			}
			if len(g.files) > 0 {
				f.base = g.files[0].path
			}
			g.files = append(g.files, f)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// unpackTo writes what is inside of a file of a release to a directory.
func unpackTo(dir, release, path string) (*file, error) {
	in, err := unpack.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer in.Close()
	name, _, _ := strings.Cut(filepath.Base(path), ".btf")
	f := &file{name: name, path: filepath.Join(dir, release, name)}
	if err := os.Mkdir(filepath.Dir(f.path), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	out, err := os.Create(f.path)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(out, in.Reader())
	return f, errors.Join(err, out.Close())
}
