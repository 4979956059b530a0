package attach

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/bpffs"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// kernelPattern is how several functions of the kernel are written.
const kernelPattern = `^[a-zA-Z0-9_.*?]+$`

func attachKprobes(_ *Attacher, p Program, s names.Section) (*Link, error) {
	if !regexp.MustCompile(kernelPattern).MatchString(s.Rest) {
		return nil, fmt.Errorf("%q: want a function, or a pattern with * and ?", s.Rest)
	}
	k := bpf.Kprobes{Attach: uint32(s.Attach), Return: returns(s)}
	if err := chooseFunctions(&k, s.Rest); err != nil {
		return nil, err
	}
	l, err := newLink(bpf.CreateKprobesLink(p.FD, k))
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.EINVAL) {
		err = render.Hinted{Err: err, Hint: "it wants Linux 5.18 or later (sessions: 6.10), built with CONFIG_FPROBE"}
	}
	if err != nil {
		return nil, fmt.Errorf("kprobes at %s: %w", s.Rest, err)
	}
	return l, nil
}

// chooseFunctions fills in the functions that a pattern stands for.
func chooseFunctions(k *bpf.Kprobes, pattern string) (err error) {
	if !isPattern(pattern) {
		k.Names = []string{pattern}
		return nil
	}
	if k.Names, k.Addrs, err = traceable(pattern); err != nil {
		return fmt.Errorf("functions like %s: %w", pattern, err)
	}
	if len(k.Names)+len(k.Addrs) == 0 {
		return fmt.Errorf("functions like %s: the kernel has none that could be probed", pattern)
	}
	return nil
}

// traceable returns the functions of the kernel that a pattern stands for and that can be probed: their
// addresses where the kernel tells them, since Linux 6.5, else their names.
func traceable(pattern string) (functions []string, addrs []uintptr, err error) {
	dir, err := bpffs.Tracing()
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(filepath.Join(dir, "available_filter_functions_addrs"))
	if err == nil {
		defer f.Close()
		addrs, err = readAddrs(f, pattern)
		return nil, addrs, err
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	functions, err = readTraceable(pattern)
	return functions, nil, err
}

// readTraceable returns the names of the functions of the kernel that a pattern stands for and that can be probed,
// in order.
func readTraceable(pattern string) ([]string, error) {
	dir, err := bpffs.Tracing()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(dir, "available_filter_functions"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readFunctions(f, pattern)
}

// readAddrs reads lines such as "ffffffff81001000 do_one_initcall [module]".
func readAddrs(r io.Reader, pattern string) (addrs []uintptr, err error) {
	for lines := bufio.NewScanner(r); ; {
		if !lines.Scan() {
			return addrs, lines.Err()
		}
		addr, rest, _ := strings.Cut(lines.Text(), " ")
		if name, _, _ := strings.Cut(rest, " "); !matches(pattern, name) {
			continue
		}
		n, err := strconv.ParseUint(addr, 16, strconv.IntSize)
		if err != nil {
			return nil, fmt.Errorf("line %q: want an address and a name", lines.Text())
		}
		addrs = append(addrs, uintptr(n))
	}
}

// readFunctions reads lines such as "do_one_initcall [module]". Names that several functions have
// are returned once: the kernel wants each only once.
func readFunctions(r io.Reader, pattern string) (functions []string, err error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if name, _, _ := strings.Cut(lines.Text(), " "); matches(pattern, name) {
			functions = append(functions, name)
		}
	}
	slices.Sort(functions)
	return slices.Compact(functions), lines.Err()
}
