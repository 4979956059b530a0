package support

//lint:file-ignore U1000 skeletons use it

// Uses: files

import (
	"debug/elf"
	"fmt"
	"path"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
)

// skelUprobes attaches a program to the functions in a file whose names match a pattern.
func skelUprobes(file, pattern string, returns bool) func(*ebpf.Program) (link.Link, error) {
	return func(prog *ebpf.Program) (link.Link, error) {
		found, err := skelFile(file)
		if err != nil {
			return nil, err
		}
		functions, err := skelFileFunctions(found, pattern)
		if err != nil {
			return nil, err
		}
		in, err := link.OpenExecutable(found)
		if err != nil {
			return nil, err
		}
		if returns {
			return in.UretprobeMulti(functions, prog, nil)
		}
		return in.UprobeMulti(functions, prog, nil)
	}
}

// skelFileFunctions returns the functions in a file whose names match a pattern.
func skelFileFunctions(file, pattern string) (functions []string, err error) {
	f, err := elf.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	symbols, _ := f.Symbols()
	dynamic, _ := f.DynamicSymbols()
	known := make(map[string]bool)
	for _, s := range append(symbols, dynamic...) {
		matches, err := path.Match(pattern, s.Name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", pattern, err)
		}
		if matches && !known[s.Name] && elf.ST_TYPE(s.Info) == elf.STT_FUNC && s.Section != elf.SHN_UNDEF {
			known[s.Name] = true
			functions = append(functions, s.Name)
		}
	}
	if len(functions) == 0 {
		return nil, fmt.Errorf("no function in %s matches %s", file, pattern)
	}
	return functions, nil
}
