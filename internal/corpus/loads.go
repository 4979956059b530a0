package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A loadGroup is a line of the report on loads.
type loadGroup struct {
	*group
	objects []*loadObject
}

// A loadObject is an object that both tools load.
type loadObject struct {
	*file
	key          string // what loads.sh calls it
	pinned       bool   // some of its maps are pinned by their names
	wrapper      bool   // it asks for LINUX_HAS_SYSCALL_WRAPPER
	traits       traits
	theirs, ours *side
	verdict      loadVerdict
	cause        string   // of both refusals, if it is the same
	why          []string // where it is not as the reference has it, if it is not
	explained    bool     // why says the cause
}

// traits are what makes an object hard to load.
type traits struct{ core, structOps, usdt, arena, nested bool }

func (t traits) any() bool { return t != traits{} }

// A lab is what loads objects: paths of files.
type lab struct {
	script, tool, progs string
	in, kept            string // directories: of what is loaded, and of what comes of that
}

// selftests are the only ones of whose objects more than mostObjects are loaded.
const selftests = "torvalds/linux"

// committed is the name of the group of this module's own objects.
const committed = "committed"

// idioms is the name of the group of objects that were written to be hard to load.
const idioms = "idioms"

// chunk is how many objects one run of loads.sh loads.
const chunk = 4

// runLoads loads objects with both tools here and, if guests are a directory of kernels, in guests with those, and
// compares what comes of it. What is in kept already is not loaded again.
func runLoads(objects, kept, guests string) error {
	ctx, t, groups, stop, err := prepare(objects)
	if err != nil {
		return err
	}
	defer stop()
	own, err := readCommitted()
	if err != nil {
		return err
	}
	groups = append(groups, own)
	l, err := t.newLab(kept)
	if err != nil {
		return err
	}
	r := loadReport{reference: t.version}
	here := &loadKernel{groups: loadGroups(groups, pickHere)}
	if err := l.link(here.groups); err != nil {
		return err
	}
	if err := here.collect(ctx, l, filepath.Join(l.kept, "out"), t.loadHere); err != nil {
		return err
	}
	r.kernels = append(r.kernels, here)
	if guests != "" {
		more, err := t.loadGuests(ctx, l, guests, groups)
		if err != nil {
			return err
		}
		r.kernels = append(r.kernels, more...)
	}
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if r.differing() > 0 {
		return errDiffers
	}
	return nil
}

// A loadKernel is a kernel, and what came of loading objects with both tools on it.
type loadKernel struct {
	release string
	guest   bool // it ran in a virtual machine
	kprobes bool // it has a source of events for kprobes
	groups  []*loadGroup
}

// collect has objects loaded, those of which nothing is told in a directory so far, and reads what is told of all.
func (k *loadKernel) collect(ctx context.Context, l *lab, out string, load func(context.Context, *lab, string, []*loadObject) error) error {
	var missing []*loadObject
	for _, g := range k.groups {
		for _, o := range g.objects {
			if _, err := os.Stat(filepath.Join(out, o.key, "ours", "status")); err != nil {
				missing = append(missing, o)
			}
		}
	}
	if err := load(ctx, l, out, missing); err != nil {
		return err
	}
	release, err := os.ReadFile(filepath.Join(out, "release"))
	if err != nil {
		return err
	}
	k.release = strings.TrimSpace(string(release))
	_, err = os.Stat(filepath.Join(out, "kprobes"))
	k.kprobes = err == nil
	return k.read(out)
}

// readCommitted finds the objects that are part of this module.
func readCommitted() (*group, error) {
	g := &group{name: committed, made: "this module"}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case strings.HasSuffix(path, ".o"):
			g.files = append(g.files, &file{name: filepath.ToSlash(path), path: path})
		}
		return nil
	})
	return g, err
}

// pickHere says which objects of a repository are loaded here.
func pickHere(g *group) []*file {
	if g.name == selftests || g.name == committed {
		return g.files
	}
	return spread(g.files, mostObjects)
}

// loadGroups says which objects are loaded.
func loadGroups(groups []*group, pick func(*group) []*file) (list []*loadGroup) {
	for _, g := range groups {
		to := &loadGroup{group: g}
		for _, f := range pick(g) {
			o := &loadObject{file: f, key: strings.ReplaceAll(g.name+"/"+strings.TrimSuffix(f.name, ".o"), "/", "+")}
			o.look()
			to.objects = append(to.objects, o)
		}
		list = append(list, to)
	}
	return list
}

// spread returns at most most of a list, from all over it.
func spread[T any](list []T, most int) (some []T) {
	n := min(len(list), most)
	for i := range n {
		some = append(some, list[i*len(list)/n])
	}
	return some
}

// look reads what is said of the object; of one that cannot be read there is nothing.
func (o *loadObject) look() {
	object, err := elfobj.Open(o.path)
	if err != nil {
		return
	}
	o.pinned = slices.ContainsFunc(object.Maps, func(m *elfobj.Map) bool { return m.Def.Pinning != 0 })
	o.wrapper = slices.ContainsFunc(object.Externs, func(e *elfobj.Extern) bool { return e.Name == "LINUX_HAS_SYSCALL_WRAPPER" })
	o.traits = traits{
		core:      slices.ContainsFunc(object.Records, func(r elfobj.Records) bool { return len(r.CORE) > 0 }),
		structOps: hasMap(object, mapStructOps),
		arena:     hasMap(object, mapArena),
		nested:    hasMap(object, mapArrayOfMaps) || hasMap(object, mapHashOfMaps),
		usdt:      slices.ContainsFunc(object.Programs, func(p *elfobj.Func) bool { return strings.HasPrefix(p.Section, "usdt") }),
	}
}

// Numbers of enum bpf_map_type.
const (
	mapArrayOfMaps = 12
	mapHashOfMaps  = 13
	mapStructOps   = 26
	mapArena       = 33
)

func hasMap(object *elfobj.Object, kind uint32) bool {
	return slices.ContainsFunc(object.Maps, func(m *elfobj.Map) bool { return m.Def.Type == kind })
}

// newLab builds the tool, and the program that tells of programs.
func (t *tools) newLab(kept string) (*lab, error) {
	if kept == "" {
		kept = t.tmp
	}
	l := &lab{script: "testdata/lab/loads.sh", in: filepath.Join(t.tmp, "in"), kept: kept,
		tool: filepath.Join(t.tmp, "gobpftool"), progs: filepath.Join(t.tmp, "progs.o")}
	for _, path := range []*string{&l.script, &l.in, &l.kept, &l.tool, &l.progs} {
		var err error
		if *path, err = filepath.Abs(*path); err != nil {
			return nil, err
		}
	}
	clang := os.Getenv("CLANG")
	if clang == "" {
		clang = "clang-19"
	}
	build := exec.Command("go", "build", "-o", l.tool, "./cmd/gobpftool")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // for guests, which have no libraries
	return l, errors.Join(quiet(build),
		quiet(exec.Command(clang, "-O2", "-g", "-target", "bpf", "-c", "testdata/lab/progs.bpf.c", "-o", l.progs)))
}

// quiet runs a command of which only failures are told.
func quiet(c *exec.Cmd) error {
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", c.Args[0], err, bytes.TrimSpace(out))
	}
	return nil
}

// object is the path of an object, whose name is its own: maps are called after it.
func (l *lab) object(o *loadObject) string { return filepath.Join(l.in, o.key, filepath.Base(o.path)) }

// link puts the objects where loads.sh is to find them.
func (l *lab) link(groups []*loadGroup) error {
	for _, g := range groups {
		for _, o := range g.objects {
			to := l.object(o)
			if err := link(o.path, to); err != nil {
				return err
			}
			if o.pinned {
				if err := os.WriteFile(to+".pinned", nil, 0o666); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// loadHere runs loads.sh over objects in mount namespaces of its own.
func (t *tools) loadHere(ctx context.Context, l *lab, out string, objects []*loadObject) error {
	reference, err := filepath.Abs(t.reference)
	if err != nil {
		return err
	}
	return each(ctx, slices.Collect(slices.Chunk(objects, chunk)), func(ctx context.Context, objects []*loadObject) error {
		args := []string{reference, l.tool, l.progs, out}
		for _, o := range objects {
			args = append(args, l.object(o))
		}
		c := exec.CommandContext(ctx, l.script, args...)
		c.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		return quiet(c)
	})
}
