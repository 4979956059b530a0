package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/kernels"
)

// guestTime is how long a guest may take to load all objects, in seconds.
const guestTime = "3600"

// A guest is a kernel that has been booted to load objects.
type guest struct {
	release string
	loads   []*loading // one for each object
}

// A loading is what "object check" says of an object on a kernel, and what came of loading
// it there.
type loading struct {
	object  string // repository and file
	says    string // yes, no or unknown
	why     string // what fails of what is required
	status  string // of the reference that loads it; "" if it never ended
	types   bool   // the log says that a relocation failed, or that a name was not found in types
	refused string // the last words of the log that say why
}

// runGuests has the reference load the objects that have relocations on kernels, and
// compares what comes of it with what "object check" says.
func runGuests(objects, dir string) error {
	ctx, t, groups, stop, err := prepare(objects)
	if err != nil {
		return err
	}
	defer stop()
	images, err := findImages(dir)
	if err != nil {
		return err
	}
	paths, err := relocated(groups)
	if err != nil {
		return err
	}
	r := guestReport{reference: t.version}
	for i, image := range images {
		work := filepath.Join(t.tmp, fmt.Sprint(i))
		g, err := t.visit(ctx, image, work, paths)
		if err != nil {
			return fmt.Errorf("%s: %w", image, err)
		}
		r.guests = append(r.guests, g)
	}
	slices.SortFunc(r.guests, func(a, b *guest) int { return kernels.Compare(a.release, b.release) })
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if r.wrong() > 0 {
		return errDiffers
	}
	return nil
}

// findImages returns the kernels that testdata/lab/kernels.sh got.
func findImages(dir string) (images []string, err error) {
	for _, pattern := range []string{"*/boot/vmlinuz-*", "*/usr/lib/modules/*/vmlinuz*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		images = append(images, found...)
	}
	if len(images) == 0 {
		return nil, fmt.Errorf("no kernel below %q: run testdata/lab/kernels.sh first", dir)
	}
	return images, nil
}

// relocated returns the paths of the objects that have relocations, by repository.
func relocated(groups []*group) (paths []string, err error) {
	for _, g := range groups {
		for _, f := range g.files {
			o, err := elfobj.Open(f.path)
			if err != nil {
				continue // the reference cannot load it either
			}
			if slices.ContainsFunc(o.Records, func(r elfobj.Records) bool { return len(r.CORE) > 0 }) {
				paths = append(paths, f.path)
			}
		}
	}
	if len(paths) == 0 {
		err = fmt.Errorf("no object has relocations")
	}
	return paths, err
}

// visit boots a kernel, in which the reference loads all objects, and asks the tool about
// the same.
func (t *tools) visit(ctx context.Context, image, work string, paths []string) (*guest, error) {
	in, out := filepath.Join(work, "objects"), filepath.Join(work, "out")
	for i, p := range paths {
		if err := link(p, filepath.Join(in, fmt.Sprintf("%03d.o", i))); err != nil {
			return nil, err
		}
	}
	if err := t.boot(ctx, image, in, out); err != nil {
		return nil, err
	}
	release, err := os.ReadFile(filepath.Join(out, "release"))
	if err != nil {
		return nil, err
	}
	g := &guest{release: strings.TrimSpace(string(release))}
	for i, p := range paths {
		l, err := readLoading(filepath.Join(out, fmt.Sprintf("%03d", i)))
		if err != nil {
			return nil, err
		}
		repository := filepath.Dir(p)
		l.object = filepath.Base(filepath.Dir(repository)) + "/" + filepath.Base(repository) + ": " + filepath.Base(p)
		g.loads = append(g.loads, l)
	}
	return g, t.checkObjects(ctx, g, paths, filepath.Join(out, "vmlinux.btf"))
}

// link makes a link to a file in a directory that need not be there.
func link(path, to string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.Symlink(path, to)
}

// boot runs testdata/lab/load.sh in a guest.
func (t *tools) boot(ctx context.Context, image, in, out string) error {
	files, err := t.movable(filepath.Dir(in))
	if err != nil {
		return err
	}
	args := slices.Concat([]string{"-k", image, "-t", guestTime, "-m", "2048", "-o", out}, files,
		[]string{"-f", "testdata/lab/load.sh:/load.sh", "-f", in + ":/objects", "--", "sh", "/load.sh", "/bpftool", "/objects"})
	c := vmCommand(ctx, args...)
	c.Stderr = os.Stderr
	return c.Run()
}

// vmCommand is vm.sh, which takes the guest with it when the context is done.
func vmCommand(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "testdata/lab/vm.sh", args...)
	c.Cancel = func() error { return c.Process.Signal(unix.SIGTERM) }
	return c
}

// movable returns arguments of vm.sh that put the reference into a guest, as /bpftool; what starts it there is written
// into a directory.
func (t *tools) movable(dir string) (args []string, err error) {
	root := filepath.Join(filepath.Dir(t.reference), "root")
	const lib = "/reference/usr/lib/x86_64-linux-gnu"
	loaders, err := filepath.Glob(filepath.Join(root, strings.TrimPrefix(lib, "/reference"), "ld-linux*.so.*"))
	if err != nil || len(loaders) == 0 {
		return nil, fmt.Errorf("no loader below %s: testdata/lab/reference.sh makes a reference that can be moved", root)
	}
	wrapper := filepath.Join(dir, "bpftool")
	text := fmt.Sprintf("#!/bin/sh\nexec %s/%s --library-path %s /reference/usr/sbin/bpftool \"$@\"\n", lib, filepath.Base(loaders[0]), lib)
	return []string{"-f", root + ":/reference", "-f", wrapper + ":/bpftool"}, os.WriteFile(wrapper, []byte(text), 0o755)
}

// About what the log of a loading says.
var (
	ofTypes   = regexp.MustCompile(`failed to resolve CO-RE|invalid CO-RE relocation|unknown#195896080|failed to (perform|relocate) CO-RE|CO-RE.*(ambig|conflict)|relocation decision ambig|extern \((func|var) ksym\)|failed to find kernel BTF type ID|is not found in kernel BTF`)
	ofFailure = regexp.MustCompile(`(failed to load|failed to|can't|cannot|not supported|not found|permission|invalid|unknown|Error:)`)
)

// readLoading reads what load.sh wrote about an object.
func readLoading(path string) (*loading, error) {
	status, err := os.ReadFile(path + ".status")
	if err != nil {
		return nil, err
	}
	log, err := os.ReadFile(path + ".log")
	if err != nil {
		return nil, err
	}
	l := &loading{status: strings.TrimSpace(string(status))}
	switch l.status {
	case "0":
		return l, nil
	case "124": // of timeout(1)
		l.refused = "not done in two minutes"
		return l, nil
	}
	l.types = ofTypes.Match(log)
	for line := range strings.Lines(string(log)) {
		if line = strings.TrimSpace(line); ofFailure.MatchString(line) && !strings.Contains(line, "failed to load object") {
			l.refused = line
		}
	}
	return l, nil
}

// checkObjects asks "object check" about objects on the kernel of a guest.
func (t *tools) checkObjects(ctx context.Context, g *guest, paths []string, types string) error {
	args := slices.Concat([]string{"-j", "object", "check"}, paths, []string{"btf", types})
	answer := t.answer(ctx, args)
	var matrix struct {
		Kernels []struct {
			Verdicts []struct {
				Verdict, Evidence string
				Failures          []int
			}
		}
		Failures []struct{ Class, Access, Cause string }
	}
	if err := json.Unmarshal([]byte(answer.Stdout), &matrix); err != nil {
		return fmt.Errorf("object check: %w: %.200s", err, answer.Stdout)
	}
	if len(matrix.Kernels) != 1 || len(matrix.Kernels[0].Verdicts) != len(g.loads) {
		return fmt.Errorf("object check answers about %d kernels", len(matrix.Kernels))
	}
	for i, v := range matrix.Kernels[0].Verdicts {
		l := g.loads[i]
		l.says, l.why = v.Verdict, v.Evidence
		for _, id := range v.Failures {
			if f := matrix.Failures[id]; f.Class == "required" || v.Verdict == "unknown" {
				l.why = f.Access + ": " + f.Cause
				break
			}
		}
	}
	return nil
}
