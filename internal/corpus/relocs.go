package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cilium/ebpf"
	ciliumbtf "github.com/cilium/ebpf/btf"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/core"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/opinion"
)

// A relocGroup is a line of the report on relocations.
type relocGroup struct {
	*group
	own     int // sets of types that its tests bring
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
	second  second
}

// second is what cilium/ebpf makes of the relocations.
type second struct {
	compare, same int
	unlike        map[string]int // libbpf, by reason
	differ        []string
}

// A kernel is the types that objects are relocated to.
type kernel struct {
	name string
	path string
	*core.Target
	order  binary.ByteOrder
	cilium *ciliumbtf.Spec
	mu     *sync.Mutex // of cilium
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
	if r.sum().differing() > 0 { // cilium/ebpf is not what the tool goes by
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
			k, err := openKernel(g.name, g.files[0].path)
			if err != nil {
				return nil, err
			}
			kernels = append(kernels, k)
		}
	}
	if kernels == nil {
		return nil, errors.New("no kernels: name a directory of them with -btf")
	}
	return kernels, nil
}

func openKernel(name, path string) (kernel, error) {
	spec, err := btf.Open(path, nil)
	if err != nil {
		return kernel{}, fmt.Errorf("%s: %w", name, err)
	}
	second, err := ciliumbtf.LoadSpec(path)
	if err != nil {
		return kernel{}, fmt.Errorf("%s: %w", name, err)
	}
	return kernel{name, path, core.NewTarget(spec, nil), spec.ByteOrder(), second, new(sync.Mutex)}, nil
}

// ownKernels opens the types that a repository's tests bring, as if they were kernels':
// objects.sh puts them beside its objects.
func (g *group) ownKernels() (kernels []kernel, err error) {
	if len(g.files) == 0 {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(g.files[0].path), "targets", "*.o"))
	for _, path := range paths {
		k, err := openKernel(filepath.Base(path), path)
		if err != nil {
			return nil, err
		}
		kernels = append(kernels, k)
	}
	return kernels, err
}

// compareRelocs compares the relocations of some objects of a group.
func (t *tools) compareRelocs(ctx context.Context, g *group, kernels []kernel) (*relocGroup, error) {
	to := &relocGroup{group: g}
	own, err := g.ownKernels()
	if err != nil {
		return nil, err
	}
	to.own = len(own)
	for _, f := range g.files {
		o := &relocObject{file: f, ended: make(map[string]int), second: second{unlike: make(map[string]int)}}
		o.open()
		to.objects = append(to.objects, o)
	}
	to.choose()
	return to, each(ctx, to.objects, func(ctx context.Context, o *relocObject) error {
		return t.compareObject(ctx, o, kernels, own)
	})
}

// mostObjects of one repository are compared.
const mostObjects = 60

// choose leaves the objects with the most relocations, in the order of their names.
func (g *relocGroup) choose() {
	slices.SortStableFunc(g.objects, func(a, b *relocObject) int { return b.relocs - a.relocs })
	g.objects = g.objects[:min(len(g.objects), mostObjects)]
	slices.SortFunc(g.objects, func(a, b *relocObject) int { return strings.Compare(a.name, b.name) })
}

// open counts the relocations of an object.
func (o *relocObject) open() {
	object, err := elfobj.Open(o.path)
	if err != nil {
		o.failed = append(o.failed, err.Error())
		return
	}
	for _, list := range [][]*elfobj.Func{object.Programs, object.Funcs} {
		for _, f := range list {
			o.relocs += len(f.CORE)
		}
	}
}

// compareObject compares the relocations of one object on all kernels, and on those sets of
// types of its repository that have any of the types that it asks for.
func (t *tools) compareObject(ctx context.Context, o *relocObject, kernels, own []kernel) error {
	if o.relocs == 0 {
		return nil
	}
	object, err := elfobj.Open(o.path)
	if err != nil {
		return err
	}
	for _, k := range own {
		if k.has(object) {
			kernels = append(kernels[:len(kernels):len(kernels)], k)
		}
	}
	spec, _ := ebpf.LoadCollectionSpec(o.path) // nil if cilium/ebpf cannot read it
	for _, k := range kernels {
		log, err := t.relocLog(ctx, o.path, k.path)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", o.name, k.name, err)
		}
		o.add(k, log, object)
		if spec != nil && object.Order == k.order {
			o.second.add(k, spec, object)
		}
	}
	return nil
}

// has reports whether there is anything on a kernel of what an object asks for.
func (k kernel) has(object *elfobj.Object) bool {
	for _, p := range object.Programs {
		for _, r := range core.Evaluate(object, p, k.Target) {
			if r.Target != "" {
				return true
			}
		}
	}
	return false
}

// add compares with what libbpf says on one kernel.
func (o *relocObject) add(k kernel, log *opinion.RelocLog, object *elfobj.Object) {
	if !log.Over && !log.Ended {
		o.failed = append(o.failed, k.name+": "+log.Last)
		return
	}
	same, differ := opinion.CompareRelocs(log, opinion.Relocs(object, k.Target))
	o.same += same
	o.compare += len(log.Relocs)
	if log.Ended {
		o.ended[log.Relocs[len(log.Relocs)-1].Text]++
	}
	for _, d := range differ {
		o.differ = append(o.differ, k.name+": "+d)
	}
}

// add compares with what cilium/ebpf makes of an object on one kernel.
func (s *second) add(k kernel, spec *ebpf.CollectionSpec, object *elfobj.Object) {
	k.mu.Lock()
	theirs := fixture.CORE(spec, k.cilium)
	k.mu.Unlock()
	for _, p := range object.Programs {
		for _, r := range core.Evaluate(object, p, k.Target) {
			at := fmt.Sprintf("%s+%d", r.Func.Name, r.Insn)
			text, ok := theirs[at]
			if !ok {
				continue // one that it leaves out, or of a function that several programs call
			}
			delete(theirs, at)
			s.compare++
			if same, why := opinion.Cilium(&r, text); same {
				s.same++
			} else if why != "" {
				s.unlike[why]++
			} else {
				s.differ = append(s.differ, fmt.Sprintf("%s: %s: %v %s is %v, %d; there %q", k.name, at, r.Kind, r.Field, r.Outcome, r.New, text))
			}
		}
	}
}

// relocLog has the reference load an object with the types of some kernel, and reads what
// libbpf says, up to where it is done with relocations: what the running kernel says of
// the programs does not matter.
func (t *tools) relocLog(ctx context.Context, object, kernel string) (*opinion.RelocLog, error) {
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
	log, err := opinion.ReadRelocs(patient{r})
	if errors.Is(err, os.ErrDeadlineExceeded) && len(log.Relocs) > 0 {
		log.Over, err = true, nil // the kernel checks a program, of which nothing is said before it is done
	}
	cmd.Process.Kill()
	r.Close()
	_ = cmd.Wait() // which tells that it was killed
	return log, err
}

// A patient reader waits some seconds for what comes next.
type patient struct{ *os.File }

func (p patient) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return p.File.Read(b)
}

// silence is how long the reference may say nothing while it works at relocations.
const silence = 3 * time.Second
