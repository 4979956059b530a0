package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cilium/ebpf"
)

// A jited is what was found out about a program's machine code.
type jited struct {
	functions int
	insns     int            // as objdump counts them
	bounds    tally          // of functions: whether all instructions begin at the same places
	names     tally          // of functions: whether all their mnemonics are the same
	tolerated map[string]int // reasons of spellings, and how many instructions need them
	why       []string       // a line for each function that differs
}

// A function is what the tool prints about one.
type function struct {
	symbol string // what stands above its instructions, without the colon
	insns  []insn
}

// An image is the machine code of a function, as the kernel has it.
type image struct {
	addr uint64
	code []byte
}

// compareJited compares how the tool reads a program's machine code with how
// objdump does. id is the kernel's number of it.
func (t *tools) compareJited(ctx context.Context, p *ebpf.Program, id string) (jited, error) {
	images, err := readImages(p)
	if err != nil {
		return jited{}, err
	}
	ours := t.answer(ctx, []string{"prog", "dump", "jited", "id", id})
	functions := parseJited(ours.Stdout)
	j := jited{functions: len(images), tolerated: make(map[string]int)}
	if len(functions) != len(images) {
		j.why = append(j.why, fmt.Sprintf("%d functions, the kernel has %d", len(functions), len(images)))
		functions = append(functions, make([]function, len(images))...)
	}
	path := filepath.Join(t.tmp, id)
	defer os.Remove(path)
	for i, image := range images {
		if err := os.WriteFile(path, image.code, 0o600); err != nil {
			return jited{}, err
		}
		theirs, err := objdump(ctx, path, image.addr)
		if err != nil {
			return jited{}, err
		}
		j.compare(theirs, functions[i])
	}
	return j, nil
}

// readImages returns the machine code of all functions of a program.
func readImages(p *ebpf.Program) ([]image, error) {
	info, err := p.Info()
	if err != nil {
		return nil, err
	}
	code, ok1 := info.JitedInsns()
	addrs, ok2 := info.JitedKsymAddrs()
	lens, ok3 := info.JitedFuncLens()
	if !ok1 || !ok2 || !ok3 || len(addrs) != len(lens) {
		return nil, errors.New("reading machine code: the kernel does not tell everything about it")
	}
	var images []image
	for i, n := range lens {
		if int(n) > len(code) {
			return nil, fmt.Errorf("reading machine code: function %d has %d bytes, of which there are %d", i, n, len(code))
		}
		images = append(images, image{uint64(addrs[i]), code[:n]})
		code = code[n:]
	}
	return images, nil
}

// parseJited reads what the tool prints about machine code: for each function
// what it is called, its instructions, and an empty line. Lines of the source
// may be among them.
func parseJited(out string) []function {
	var functions []function
	var f function
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		if i, ok := parseInsn(line); ok {
			f.insns = append(f.insns, i)
			continue
		}
		switch {
		case line == "":
			functions = append(functions, f)
			f = function{}
		case len(f.insns) == 0 && !strings.HasPrefix(line, "; "):
			f.symbol = strings.TrimSuffix(line, ":")
		}
	}
	if len(f.insns) > 0 {
		functions = append(functions, f)
	}
	return functions
}

// compare compares a function as objdump and as the tool read it.
func (j *jited) compare(theirs []insn, f function) {
	j.insns += len(theirs)
	if why := bounds(theirs, f.insns); why != "" {
		j.bounds[differs]++
		j.names[differs]++
		j.why = append(j.why, f.symbol+": "+why)
		return
	}
	j.bounds[identical]++
	j.names[j.spelled(theirs, f)]++
}

// spelled compares the mnemonics of instructions that begin at the same places.
func (j *jited) spelled(theirs []insn, f function) verdict {
	v := identical
	told := make(map[[2]string]bool)
	for i, insn := range theirs {
		pair := [2]string{insn.mnemonic(), f.insns[i].mnemonic()}
		if pair[0] == pair[1] {
			continue
		}
		if why := tolerate(pair[0], pair[1]); why != "" {
			j.tolerated[why]++
			v = max(v, excused)
			continue
		}
		v = differs
		if !told[pair] {
			j.why = append(j.why, fmt.Sprintf("%s: at %#x objdump reads %q, here it is %q", f.symbol, insn.offset, insn.text, f.insns[i].text))
		}
		told[pair] = true
	}
	return v
}

// bounds tells the first place where instructions begin on one side only, or "".
func bounds(theirs, ours []insn) string {
	for i, insn := range theirs {
		if i >= len(ours) {
			return fmt.Sprintf("%d instructions, objdump reads %d", len(ours), len(theirs))
		}
		if ours[i].offset != insn.offset {
			return fmt.Sprintf("an instruction at %#x, objdump reads one at %#x", ours[i].offset, insn.offset)
		}
	}
	if len(ours) > len(theirs) {
		return fmt.Sprintf("%d instructions, objdump reads %d", len(ours), len(theirs))
	}
	return ""
}
