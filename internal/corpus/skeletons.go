package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/skeleton"
)

// A skeletonGroup is a line of the report on skeletons.
type skeletonGroup struct {
	*group
	objects []*skeletonObject
}

// A skeletonObject is an object for which a skeleton is generated.
type skeletonObject struct {
	*file
	number int    // its own
	order  string // of its bytes
	types  bool   // it has BTF
	loads  bool   // "prog loadall" loads it
	failed error  // why there is no skeleton
	faults []string
	cannot []string // what was told when it was generated
	runs   bool     // its skeleton loads it
	refuse string   // why it does not
}

// skeletonChunk is how many skeletons are one program.
const skeletonChunk = 60

// runSkeletons generates skeletons, has them vetted and compiled, and loads the objects with them and
// with "prog loadall".
func runSkeletons(objects string) error {
	ctx, t, groups, stop, err := prepare(objects)
	if err != nil {
		return err
	}
	defer stop()
	own, err := readCommitted()
	if err != nil {
		return err
	}
	list := skeletonGroups(append(groups, own), pickSixty)
	if err := t.trySkeletons(ctx, list); err != nil {
		return err
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return err
	}
	r := skeletonReport{kernel: strings.TrimSpace(string(kernel)), groups: list}
	if err := r.write(os.Stdout); err != nil {
		return err
	}
	if r.count((*skeletonObject).faulty) > 0 {
		return errDiffers
	}
	return nil
}

// pickSixty says of which objects of a repository there are skeletons.
func pickSixty(g *group) []*file {
	if g.name == committed {
		return g.files
	}
	return spread(g.files, mostObjects)
}

// skeletonGroups says for which objects skeletons are generated.
func skeletonGroups(groups []*group, pick func(*group) []*file) (list []*skeletonGroup) {
	n := 0
	for _, g := range loadGroups(groups, pick) {
		to := &skeletonGroup{group: g.group}
		for _, o := range g.objects {
			to.objects = append(to.objects, &skeletonObject{file: o.file, number: n})
			n++
		}
		list = append(list, to)
	}
	return list
}

// trySkeletons does everything with all objects, a chunk of them at a time.
func (t *tools) trySkeletons(ctx context.Context, groups []*skeletonGroup) error {
	dir := filepath.Join(t.tmp, "skeletons")
	tool := filepath.Join(t.tmp, "gobpftool")
	build := exec.CommandContext(ctx, "go", "build", "-o", tool, "./cmd/gobpftool")
	if err := errors.Join(quiet(build), makeModule(dir)); err != nil {
		return err
	}
	var all []*skeletonObject
	for _, g := range groups {
		all = append(all, g.objects...)
	}
	for len(all) > 0 && ctx.Err() == nil {
		n := min(len(all), skeletonChunk)
		if err := tryChunk(ctx, dir, tool, all[:n]); err != nil {
			return err
		}
		all = all[n:]
		fmt.Fprintf(os.Stderr, "%d objects to go\n", len(all))
	}
	return ctx.Err()
}

// makeModule makes a module that needs what this one needs.
func makeModule(dir string) error {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return err
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return err
	}
	mod = bytes.Replace(mod, []byte("module github.com/gobpftool/gobpftool"), []byte("module skeletons"), 1)
	return errors.Join(os.WriteFile(filepath.Join(dir, "go.mod"), mod, 0o666), os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o666))
}

// tryChunk does everything with some objects, whose skeletons are one package.
func tryChunk(ctx context.Context, dir, tool string, objects []*skeletonObject) error {
	dir, err := os.MkdirTemp(dir, "chunk")
	if err != nil {
		return err
	}
	var good []*skeletonObject
	for _, o := range objects {
		texts, err := o.generate()
		if err != nil {
			o.failed = err
			continue
		}
		if !o.formatted(texts) {
			continue
		}
		for name, text := range texts {
			if err := os.WriteFile(filepath.Join(dir, name+".go"), text, 0o666); err != nil {
				return err
			}
		}
		good = append(good, o)
	}
	if err := vetSkeletons(ctx, dir, good); err != nil {
		return err
	}
	return loadSkeletons(ctx, dir, tool, good)
}

// id returns what the skeleton of an object is called.
func (o *skeletonObject) id() string { return fmt.Sprintf("p%04d", o.number) }

// part returns what the subskeleton is called.
func (o *skeletonObject) part() string { return fmt.Sprintf("q%04d", o.number) }

// formatted reports whether texts are Go, and notes what gofmt would change.
func (o *skeletonObject) formatted(texts map[string][]byte) bool {
	for name, text := range texts {
		formatted, err := format.Source(text)
		switch {
		case err != nil:
			o.faults = append(o.faults, err.Error())
			return false
		case !bytes.Equal(formatted, text):
			o.faults = append(o.faults, name+": gofmt would change it")
		}
	}
	return true
}

// generate returns the skeleton of an object, and its subskeleton if it has types.
func (o *skeletonObject) generate() (texts map[string][]byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			o.faults = append(o.faults, err.Error())
		}
	}()
	data, err := os.ReadFile(o.path)
	if err != nil {
		return nil, err
	}
	object, err := elfobj.Read(data)
	if err != nil {
		return nil, err
	}
	o.types, o.order = object.BTF != nil, object.Order.String()
	texts = make(map[string][]byte)
	for _, options := range []skeleton.Options{{Name: o.id(), Package: "main"}, {Name: o.part(), Package: "main", Sub: true}} {
		if options.Sub && !o.types {
			continue
		}
		s, err := skeleton.New(object, data, options)
		if err != nil {
			return nil, err
		}
		if !options.Sub {
			o.cannot = s.Cannot()
		}
		var b bytes.Buffer
		if err := s.Write(&b); err != nil {
			return nil, err
		}
		texts[options.Name] = b.Bytes()
	}
	return texts, nil
}

// opening returns code that reads an object, and finds it within itself by its subskeleton.
func (o *skeletonObject) opening() string {
	text := fmt.Sprintf("\t%q: func() (skeleton, part, error) {\n\t\ts, err := OpenP%04d()\n\t\tif err != nil {\n\t\t\treturn nil, nil, err\n\t\t}\n", o.id(), o.number)
	if !o.types {
		return text + "\t\treturn s, nil, nil\n\t},\n"
	}
	return text + fmt.Sprintf("\t\tp, err := NewQ%04d(s.Spec)\n\t\treturn s, p, err\n\t},\n", o.number)
}

// vetSkeletons has skeletons compiled and vetted, for machines of both byte orders. What is wrong names
// its file. Machines of 32 bits have no package perf of cilium/ebpf.
func vetSkeletons(ctx context.Context, dir string, objects []*skeletonObject) error {
	byName := make(map[string]*skeletonObject)
	little := ""
	for _, o := range objects {
		byName[o.id()], byName[o.part()] = o, o
		if o.order == "LittleEndian" {
			little += o.opening()
		}
	}
	for name, text := range map[string]string{"main.go": mainText, "little.go": "//go:build amd64\n\npackage main\n\nvar all = map[string]func() (skeleton, part, error){\n" + little + "}\n",
		"big.go": "//go:build s390x\n\npackage main\n\nvar all map[string]func() (skeleton, part, error)\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	for _, arch := range []string{"amd64", "s390x"} {
		vet := exec.CommandContext(ctx, "go", "vet", ".")
		vet.Dir, vet.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "CGO_ENABLED=0", "GOARCH="+arch)
		out, err := vet.CombinedOutput()
		if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
			return err
		}
		blamed := false
		for line := range strings.Lines(string(out)) {
			if m := fileLine.FindStringSubmatch(line); m != nil && byName[m[1]] != nil {
				byName[m[1]].faults = append(byName[m[1]].faults, arch+": "+strings.TrimSpace(line))
				blamed = true
			}
		}
		if err != nil && !blamed {
			return fmt.Errorf("go vet: %w: %s", err, bytes.TrimSpace(out))
		}
	}
	return nil
}

var fileLine = regexp.MustCompile(`\b([pq][0-9]{4})\.go:`)

// mainText loads the object of the skeleton that it is asked for, and binds the subskeleton to it.
const mainText = `package main

import (
	"fmt"
	"os"

	"github.com/cilium/ebpf"
)

type skeleton interface {
	Load() error
	Collection() *ebpf.Collection
	Close()
}

type part interface {
	Bind(*ebpf.Collection) error
}

func main() {
	s, p, err := all[os.Args[1]]()
	if err == nil {
		err = s.Load()
	}
	if err == nil && p != nil {
		err = p.Bind(s.Collection())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s.Close()
}
`

// loadSkeletons loads objects with "prog loadall", and with their skeletons if all of them can be compiled.
func loadSkeletons(ctx context.Context, dir, tool string, objects []*skeletonObject) error {
	for _, o := range objects {
		if !o.native() {
			continue
		}
		path, err := filepath.Abs(o.path)
		if err != nil {
			return err
		}
		o.loads = alone(ctx, tool, "prog", "loadall", path, "/sys/fs/bpf/o", "pinmaps", "/sys/fs/bpf/m") == nil
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", "try", ".")
	build.Dir, build.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	if err := quiet(build); err != nil {
		for _, o := range objects {
			o.refuse = err.Error()
		}
		return nil
	}
	for _, o := range objects {
		if !o.loads || ctx.Err() != nil {
			continue
		}
		err := alone(ctx, filepath.Join(dir, "try"), o.id())
		if o.runs = err == nil; !o.runs {
			o.refuse = err.Error()
		}
	}
	return os.RemoveAll(dir)
}

// native reports whether an object is for machines like this one.
func (o *skeletonObject) native() bool {
	return o.order == "LittleEndian" == (binary.NativeEndian.Uint16([]byte{1, 0}) == 1)
}

// alone runs a command with a bpffs of its own. The error is what it wrote.
func alone(ctx context.Context, command ...string) error {
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", `mount -t bpf bpf /sys/fs/bpf && exec timeout 120 "$@"`, "sh"}, command...)...)
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS, Unshareflags: syscall.CLONE_NEWNS}
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// faulty reports whether the skeleton is wrong, whatever the kernel says.
func (o *skeletonObject) faulty() bool { return len(o.faults) > 0 }
