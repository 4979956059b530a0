package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/kernels"
)

// guestChunk is how many objects one guest loads: the more, the fewer times kernels start; and the more are loaded
// again, one by one, if one of them is the guest's end.
const guestChunk = 20

// mostInGuests is how many objects of a repository guests load, for they take seconds for each.
const mostInGuests = 15

// pickInGuests says which objects of a repository guests load: some of those that are loaded here.
func pickInGuests(g *group) []*file { return spread(pickHere(g), mostInGuests) }

// chunkTime is how long a guest may take for those, in seconds.
const chunkTime = "1200"

// guestModules are those that objects ask for, functions and types.
const guestModules = "nf_conntrack,nf_nat,nf_flow_table,ext4,xfs"

// loadGuests has both tools load objects in guests with the kernels below a directory. The oldest kernel comes first.
func (t *tools) loadGuests(ctx context.Context, l *lab, dir string, groups []*group) (list []*loadKernel, err error) {
	images, err := findImages(dir)
	if err != nil {
		return nil, err
	}
	for _, image := range images {
		v, err := t.newVM(dir, image)
		if err != nil {
			return nil, err
		}
		k := &loadKernel{guest: true, groups: loadGroups(groups, pickInGuests)}
		if err := k.collect(ctx, l, filepath.Join(l.kept, v.release), v.load); err != nil {
			return nil, fmt.Errorf("%s: %w", image, err)
		}
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b *loadKernel) int { return kernels.Compare(a.release, b.release) })
	return list, nil
}

// A vm is what a guest is made of.
type vm struct {
	release string   // of the kernel
	args    []string // of vm.sh
}

// newVM returns the guest with a kernel, an image below a directory where kernels.sh has put it: with modules, the
// kernel's configuration where libbpf looks for it, and the reference.
func (t *tools) newVM(dir, image string) (*vm, error) {
	below, err := filepath.Rel(dir, image)
	if err != nil {
		return nil, err
	}
	suite, _, _ := strings.Cut(filepath.ToSlash(below), "/")
	files, err := t.movable(t.tmp)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(dir, suite) + ":" + guestModules
	args := slices.Concat([]string{"-k", image, "-t", chunkTime, "-m", "2048", "-M", modules}, files, fixture.GuestConfig(image))
	return &vm{release: fixture.Release(image), args: args}, nil
}

// load runs loads.sh over objects in guests.
func (v *vm) load(ctx context.Context, l *lab, out string, objects []*loadObject) error {
	return each(ctx, slices.Collect(slices.Chunk(objects, guestChunk)), func(ctx context.Context, objects []*loadObject) error {
		return v.loadChunk(ctx, l, out, objects)
	})
}

// loadChunk boots a guest that loads objects. If it dies, each half of them gets one.
func (v *vm) loadChunk(ctx context.Context, l *lab, out string, objects []*loadObject) error {
	err := v.boot(ctx, l, out, objects)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if len(objects) == 1 {
		return fmt.Errorf("%s: %w", objects[0].key, err)
	}
	half := len(objects) / 2
	return errors.Join(v.loadChunk(ctx, l, out, objects[:half]), v.loadChunk(ctx, l, out, objects[half:]))
}

// boot runs loads.sh in a guest.
func (v *vm) boot(ctx context.Context, l *lab, out string, objects []*loadObject) error {
	in, err := os.MkdirTemp(filepath.Dir(l.in), "chunk-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(in)
	command := []string{"--", "/loads.sh", "/bpftool", "/gobpftool", "/progs.o", "/out"}
	for _, o := range objects {
		if err := link(filepath.Join(l.in, o.key), filepath.Join(in, o.key)); err != nil {
			return err
		}
		command = append(command, filepath.Join("/objects", o.key, filepath.Base(o.path)))
	}
	args := slices.Concat(v.args, []string{"-o", out, "-f", l.tool + ":/gobpftool", "-f", l.progs + ":/progs.o",
		"-f", l.script + ":/loads.sh", "-f", in + ":/objects"}, command)
	return quiet(vmCommand(ctx, args...))
}
