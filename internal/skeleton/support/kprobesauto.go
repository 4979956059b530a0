package support

//lint:file-ignore U1000 skeletons use it

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// skelKprobes attaches a program to the functions of the kernel whose names match a pattern.
func skelKprobes(pattern string, session bool, probe func(*ebpf.Program, link.KprobeMultiOptions) (link.Link, error)) func(*ebpf.Program) (link.Link, error) {
	return func(prog *ebpf.Program) (link.Link, error) {
		functions, err := skelKernelFunctions(pattern)
		if err != nil {
			return nil, err
		}
		return probe(prog, link.KprobeMultiOptions{Symbols: functions, Session: session})
	}
}

// skelKernelFunctions returns the functions of the kernel that can be traced and match a pattern.
func skelKernelFunctions(pattern string) ([]string, error) {
	if !strings.ContainsAny(pattern, "*?") {
		return []string{pattern}, nil
	}
	const list = "available_filter_functions"
	f, err := os.Open("/sys/kernel/tracing/" + list)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open("/sys/kernel/debug/tracing/" + list)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var functions []string
	known := make(map[string]bool)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, _, _ := strings.Cut(lines.Text(), " ")
		if matches, err := path.Match(pattern, name); err != nil {
			return nil, fmt.Errorf("%s: %w", pattern, err)
		} else if matches && !known[name] {
			known[name] = true
			functions = append(functions, name)
		}
	}
	if len(functions) == 0 {
		return nil, fmt.Errorf("no function of the kernel matches %s", pattern)
	}
	return functions, nil
}
