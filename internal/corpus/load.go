package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"golang.org/x/sys/unix"
)

// bpffs is where libbpf pins the maps that ask for it.
const bpffs = "/sys/fs/bpf"

// patience is how long one object may take to load.
const patience = time.Minute

// A program is one of an object, loaded or not.
type program struct {
	object string // its file's name
	name   string // its function's; "*" stands for all of an object that cannot be read
	failed string // why it does not load, or ""

	loaded  *ebpf.Program // nil if it does not load, and once it is closed
	insns   int           // that the verifier left
	results []result      // one for each of progChecks
	jited   jited
}

// A loader loads the programs of objects, for the kernel and into nothing else:
// nothing is attached, nothing stays behind.
type loader struct {
	reference string
	cache     *btf.Cache // of the kernel's types
}

// load loads all programs of an object that can be loaded: by the reference, and
// those that it leaves out one by one. The programs come in the order of names.
func (l *loader) load(ctx context.Context, path string) ([]*program, error) {
	object := filepath.Base(path)
	loaded, err := l.loadAll(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil && len(loaded) == 0 {
		return []*program{{object: object, name: "*", failed: reason(err)}}, nil
	}
	var programs []*program
	for name, prog := range loaded {
		programs = append(programs, &program{object: object, name: name, loaded: prog})
	}
	if spec != nil {
		release(spec)
		for name := range spec.Programs {
			if loaded[name] == nil {
				programs = append(programs, l.loadOne(spec, object, name))
			}
		}
	}
	slices.SortFunc(programs, func(a, b *program) int { return strings.Compare(a.name, b.name) })
	return programs, nil
}

// loadAll has the reference load an object, which it does as a whole or not at
// all. It returns nothing if that fails.
//
// The object gets a bpffs of its own, since maps that are pinned there by one
// object would be used by the next.
func (l *loader) loadAll(ctx context.Context, path string) (programs map[string]*ebpf.Program, err error) {
	if err := unix.Mount("bpf", bpffs, "bpf", 0, ""); err != nil {
		return nil, fmt.Errorf("mounting a bpffs: %w", err)
	}
	defer func() { err = errors.Join(err, unix.Unmount(bpffs, unix.MNT_DETACH)) }()
	dir := filepath.Join(bpffs, "corpus")
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := exec.CommandContext(ctx, l.reference, "prog", "loadall", path, dir).Run(); err != nil {
		return nil, nil
	}
	pins, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // it is made for programs, of which there may be none
		return nil, err
	}
	programs = make(map[string]*ebpf.Program)
	for _, pin := range pins {
		p, err := ebpf.LoadPinnedProgram(filepath.Join(dir, pin.Name()), nil)
		if err != nil {
			return programs, err
		}
		programs[pin.Name()] = p
	}
	return programs, nil
}

// release makes programs independent of each other and of those who load them
// otherwise: no map is pinned, none is filled with programs, all have a size and
// all programs a type.
func release(spec *ebpf.CollectionSpec) {
	for m := range maps.Values(spec.Maps) {
		m.Pinning = ebpf.PinNone
		if m.Type == ebpf.ProgramArray {
			m.Contents = nil
		}
		size(m)
		if m.InnerMap != nil {
			size(m.InnerMap)
		}
	}
	for p := range maps.Values(spec.Programs) {
		if p.Type == ebpf.UnspecifiedProgram {
			p.Type = ebpf.SchedCLS // most who load sections of any name are like tc
		}
	}
}

// unsized are the types of maps that must not say how many entries they have.
var unsized = map[ebpf.MapType]bool{
	ebpf.SkStorage: true, ebpf.InodeStorage: true, ebpf.TaskStorage: true, ebpf.CgroupStorage: true, ebpf.CGroupStorage: true,
	ebpf.PerCPUCGroupStorage: true, ebpf.StructOpsMap: true, ebpf.PerfEventArray: true,
}

// size gives a map a number of entries, if it needs and lacks one.
func size(m *ebpf.MapSpec) {
	switch {
	case m.MaxEntries > 0:
	case m.Type == ebpf.RingBuf:
		m.MaxEntries = uint32(os.Getpagesize())
	case !unsized[m.Type]:
		m.MaxEntries = 1
	}
}

// loadOne loads a program with just those maps that it uses.
func (l *loader) loadOne(spec *ebpf.CollectionSpec, object, name string) *program {
	p := &program{object: object, name: name}
	// A field with the program's name is how cilium/ebpf is told to load no other.
	wanted := reflect.New(reflect.StructOf([]reflect.StructField{{
		Name: "Program",
		Type: reflect.TypeFor[*ebpf.Program](),
		Tag:  reflect.StructTag(fmt.Sprintf("ebpf:%q", name)),
	}}))
	if err := spec.LoadAndAssign(wanted.Interface(), &ebpf.CollectionOptions{Cache: l.cache}); err != nil {
		p.failed = fmt.Sprintf("%s: %s", spec.Programs[name].Type, reason(err))
		return p
	}
	p.loaded = wanted.Elem().Field(0).Interface().(*ebpf.Program)
	return p
}

// reason returns what is the same in errors of programs that fail alike: the
// kernel's word, and the last one of the verifier that is about no instruction.
func reason(err error) string {
	if verifier := (*ebpf.VerifierError)(nil); errors.As(err, &verifier) {
		for _, line := range slices.Backward(verifier.Log) {
			if !ofInstruction.MatchString(line) {
				return fmt.Sprintf("%v: %s", verifier.Cause, line)
			}
		}
		return verifier.Cause.Error()
	}
	text, _, _ := strings.Cut(err.Error(), " (MEMLOCK may be too low") // which it is not
	return ofProgram.ReplaceAllString(ofObject.ReplaceAllString(text, ""), "")
}

// What cilium/ebpf puts before what is wrong.
var (
	ofObject      = regexp.MustCompile(`^file [^ ]+: `)
	ofInstruction = regexp.MustCompile(`^(\s*([0-9]+:|;|$)|processed |mark_precise: |from )`)
	ofProgram     = regexp.MustCompile(`^assign values: field Program: (cannot load )?program [^ ]+: (load program: )?`)
)

// close unloads the program.
func (p *program) close() {
	if p.loaded != nil {
		p.loaded.Close()
		p.loaded = nil
	}
}
