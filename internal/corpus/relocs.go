package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/differences"
	"github.com/gobpftool/gobpftool/internal/elfobj"
)

// A relocGroup is a line of the report on relocations.
type relocGroup struct {
	*group
	objects []*relocObject
}

// A relocObject is an object that is compared on all kernels.
type relocObject struct {
	*file
	relocs  int            // of its functions
	compare int            // answers of libbpf
	same    int            // of them
	failed  []string       // why libbpf did not come to the relocations, or the object cannot be read, by kernel
	ended   map[string]int // early, by reason: libbpf refuses the object at one of them
	differ  []string
}

// A kernel is the types that objects are relocated to.
type kernel struct {
	name string
	path string
	*core.Target
}

// runRelocs compares what becomes of relocations on all kernels.
func runRelocs(objects string, dirs []string) error {
	ctx, t, groups, stop, err := prepare(objects)
	if err != nil {
		return err
	}
	defer stop()
	kernels, err := openKernels(dirs, t.tmp)
	if err != nil {
		return err
	}
	r := relocReport{reference: t.version}
	for _, k := range kernels {
		r.kernels = append(r.kernels, k.name)
	}
	for _, g := range groups {
		to, err := t.compareRelocs(ctx, g, kernels)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %d objects\n", g.name, len(to.objects))
		r.groups = append(r.groups, to)
	}
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if r.sum().differing() > 0 {
		return errDiffers
	}
	return nil
}

// openKernels reads the kernels below directories. Modules are not asked: the reference
// does not look at them when it is given the types of a kernel.
func openKernels(dirs []string, tmp string) ([]kernel, error) {
	var kernels []kernel
	for _, dir := range dirs {
		groups, err := readKernels(dir, tmp)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			spec, err := btf.Open(g.files[0].path, nil)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", g.name, err)
			}
			kernels = append(kernels, kernel{g.name, g.files[0].path, core.NewTarget(spec, nil)})
		}
	}
	if kernels == nil {
		return nil, errors.New("no kernels: name a directory of them with -btf")
	}
	return kernels, nil
}

// compareRelocs compares the relocations of some objects of a group.
func (t *tools) compareRelocs(ctx context.Context, g *group, kernels []kernel) (*relocGroup, error) {
	to := &relocGroup{group: g}
	for _, f := range g.files[:min(len(g.files), mostObjects)] {
		to.objects = append(to.objects, &relocObject{file: f, ended: make(map[string]int)})
	}
	return to, each(ctx, to.objects, func(ctx context.Context, o *relocObject) error {
		return t.compareObject(ctx, o, kernels)
	})
}

// mostObjects of one repository are compared.
const mostObjects = 60

// compareObject compares the relocations of one object on all kernels.
func (t *tools) compareObject(ctx context.Context, o *relocObject, kernels []kernel) error {
	object, err := elfobj.Open(o.path)
	if err != nil {
		o.failed = append(o.failed, err.Error())
		return nil
	}
	for _, list := range [][]*elfobj.Func{object.Programs, object.Funcs} {
		for _, f := range list {
			o.relocs += len(f.CORE)
		}
	}
	if o.relocs == 0 {
		return nil
	}
	for _, k := range kernels {
		log, err := t.relocLog(ctx, o.path, k.path)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", o.name, k.name, err)
		}
		if !log.Over && !log.Ended {
			o.failed = append(o.failed, k.name+": "+log.Last)
			continue
		}
		same, differ := differences.CompareRelocs(log, differences.Relocs(object, k.Target))
		o.same += same
		o.compare += len(log.Relocs)
		if log.Ended {
			o.ended[log.Relocs[len(log.Relocs)-1].Text]++
		}
		for _, d := range differ {
			o.differ = append(o.differ, k.name+": "+d)
		}
	}
	return nil
}

// relocLog has the reference load an object with the types of some kernel, and reads what
// libbpf says, up to where it is done with relocations: what the running kernel says of
// the programs does not matter.
func (t *tools) relocLog(ctx context.Context, object, kernel string) (*differences.RelocLog, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, t.reference, "-d", "prog", "loadall", object, filepath.Join(bpffs, "corpus"), "kernel_btf", kernel)
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd.Stdout, cmd.Stderr = w, w
	err = cmd.Start()
	w.Close()
	if err != nil {
		return nil, err
	}
	log, err := differences.ReadRelocs(r)
	cmd.Process.Kill()
	r.Close()
	_ = cmd.Wait() // which tells that it was killed
	return log, err
}
