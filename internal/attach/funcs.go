package attach

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
)

// kernelTypes is where the kernel shows its types.
const kernelTypes = "/sys/kernel/btf/vmlinux"

// attachFuncs attaches a program to all functions that a pattern stands for, by their types: since Linux 7.3.
func attachFuncs(_ *Attacher, p Program, s names.Section) (*Link, error) {
	if !regexp.MustCompile(kernelPattern).MatchString(s.Rest) {
		return nil, fmt.Errorf("%q: want a function, or a pattern with * and ?", s.Rest)
	}
	ids, err := functionTypes(s.Rest)
	if err != nil {
		return nil, fmt.Errorf("functions like %s: %w", s.Rest, err)
	}
	l, err := newLink(bpf.CreateFuncsLink(p.FD, uint32(s.Attach), ids))
	if err != nil {
		return nil, fmt.Errorf("%d functions like %s: %w", len(ids), s.Rest, err)
	}
	return l, nil
}

// functionTypes returns the IDs of the kernel's functions that a pattern stands for, that can be traced and
// that programs can be told the arguments of.
func functionTypes(pattern string) (ids []uint32, err error) {
	kernel, err := btf.Open(kernelTypes, nil)
	if err != nil {
		return nil, err
	}
	found, err := kernel.Funcs(pattern)
	if err != nil {
		return nil, err
	}
	traced := []string{pattern} // the kernel knows whether that can be
	if isPattern(pattern) {
		if traced, err = readTraceable(pattern); err != nil {
			return nil, err
		}
	}
	for _, id := range found {
		f, err := kernel.Type(id)
		if err != nil {
			return nil, err
		}
		if _, ok := slices.BinarySearch(traced, f.Name); ok && !isVariadic(kernel, f) {
			ids = append(ids, uint32(id))
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("none of %d can be traced", len(found))
	}
	return ids, nil
}

// isVariadic reports whether a function takes any number of arguments, which no program does.
func isVariadic(kernel *btf.Spec, f btf.Type) bool {
	proto, err := kernel.Type(f.Ref())
	if err != nil || proto.Kind != btf.FuncProto {
		return true
	}
	n := proto.Len()
	return n > 0 && proto.Param(n-1).Type == 0
}
