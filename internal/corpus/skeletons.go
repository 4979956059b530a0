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
	pkg    string // of its skeleton
	order  string // of its bytes
	types  bool   // it has BTF
	loads  bool   // "prog loadall" loads it
	ours   error  // why "prog loadall" does not
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
	list := skeletonGroups(append(groups, own))
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

// skeletonGroups says for which objects skeletons are generated.
func skeletonGroups(groups []*group) (list []*skeletonGroup) {
	n := 0
	for _, g := range loadGroups(groups, pickHere) {
		to := &skeletonGroup{group: g.group}
		for _, o := range g.objects {
			to.objects = append(to.objects, &skeletonObject{file: o.file, pkg: fmt.Sprintf("p%04d", n)})
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

// tryChunk does everything with some objects.
func tryChunk(ctx context.Context, dir, tool string, objects []*skeletonObject) error {
	var good []*skeletonObject
	for _, o := range objects {
		name, text, err := o.generate()
		if err != nil {
			o.failed = err
			continue
		}
		if formatted, err := format.Source(text); err != nil {
			o.faults = append(o.faults, err.Error())
			continue
		} else if !bytes.Equal(formatted, text) {
			o.faults = append(o.faults, "gofmt would change it")
		}
		pkg := filepath.Join(dir, o.pkg)
		if err := errors.Join(os.Mkdir(pkg, 0o777), os.WriteFile(filepath.Join(pkg, "skeleton.go"), text, 0o666),
			os.WriteFile(filepath.Join(pkg, "open.go"), fmt.Appendf(nil, openText, o.pkg, name), 0o666)); err != nil {
			return err
		}
		good = append(good, o)
	}
	defer func() {
		for _, o := range good {
			os.RemoveAll(filepath.Join(dir, o.pkg))
		}
	}()
	if err := vetSkeletons(ctx, dir, good); err != nil {
		return err
	}
	return loadSkeletons(ctx, dir, tool, good)
}

// openText is beside each skeleton, for the program that runs many.
const openText = `package %[1]s

// Try loads the object.
func Try() error {
	s, err := Open%[2]s()
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Load()
}
`

// generate returns the skeleton of an object, and its name.
func (o *skeletonObject) generate() (name string, text []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			o.faults = append(o.faults, err.Error())
		}
	}()
	data, err := os.ReadFile(o.path)
	if err != nil {
		return "", nil, err
	}
	object, err := elfobj.Read(data)
	if err != nil {
		return "", nil, err
	}
	o.types, o.order = object.BTF != nil, object.Order.String()
	s, err := skeleton.New(object, data, skeleton.Options{Name: "object", Package: o.pkg})
	if err != nil {
		return "", nil, err
	}
	o.cannot = s.Cannot()
	var b bytes.Buffer
	err = s.Write(&b)
	return "Object", b.Bytes(), err
}

// vetSkeletons has skeletons compiled and vetted, for machines of 64 bits and of 32. Each complaint names
// its package.
func vetSkeletons(ctx context.Context, dir string, objects []*skeletonObject) error {
	for _, machine := range []struct{ arch, order string }{{"amd64", "LittleEndian"}, {"386", "LittleEndian"}, {"s390x", "BigEndian"}, {"mips", "BigEndian"}} {
		args := []string{"vet"}
		byPkg := make(map[string]*skeletonObject)
		for _, o := range objects {
			if o.order == machine.order {
				args = append(args, "./"+o.pkg)
				byPkg[o.pkg] = o
			}
		}
		if len(byPkg) == 0 {
			continue
		}
		vet := exec.CommandContext(ctx, "go", args...)
		vet.Dir, vet.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "CGO_ENABLED=0", "GOARCH="+machine.arch)
		out, err := vet.CombinedOutput()
		if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
			return err
		}
		for line := range strings.Lines(string(out)) {
			m := pkgLine.FindStringSubmatch(line)
			if m != nil && byPkg[m[1]] != nil && !strings.HasPrefix(line, "#") {
				byPkg[m[1]].faults = append(byPkg[m[1]].faults, machine.arch+": "+strings.TrimSpace(line))
			}
		}
	}
	return nil
}

var pkgLine = regexp.MustCompile(`\b(p[0-9]{4})\b`)

// loadSkeletons loads objects with "prog loadall", and with their skeletons where these can be compiled.
func loadSkeletons(ctx context.Context, dir, tool string, objects []*skeletonObject) error {
	var main, tries strings.Builder
	main.WriteString("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\n")
	native := 0
	for _, o := range objects {
		if len(o.faults) > 0 || !o.native() {
			continue
		}
		native++
		fmt.Fprintf(&main, "\t%q\n", "skeletons/"+o.pkg)
		fmt.Fprintf(&tries, "\t%q: %s.Try,\n", o.pkg, o.pkg)
	}
	if native == 0 {
		return nil
	}
	main.WriteString(")\n\nvar all = map[string]func() error{\n" + tries.String() + `}

func main() {
	if err := all[os.Args[1]](); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`)
	program := filepath.Join(dir, "try")
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "main"), 0o777),
		os.WriteFile(filepath.Join(dir, "main", "main.go"), []byte(main.String()), 0o666)); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./main")
	build.Dir, build.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	if err := quiet(build); err != nil {
		return err
	}
	for _, o := range objects {
		if !strings.Contains(tries.String(), o.pkg) || ctx.Err() != nil {
			continue
		}
		path, err := filepath.Abs(o.path)
		if err != nil {
			return err
		}
		o.ours = alone(ctx, tool, "prog", "loadall", path, "/sys/fs/bpf/o", "pinmaps", "/sys/fs/bpf/m")
		if o.loads = o.ours == nil; !o.loads {
			continue
		}
		err = alone(ctx, program, o.pkg)
		if o.runs = err == nil; !o.runs {
			o.refuse = err.Error()
		}
	}
	return nil
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
