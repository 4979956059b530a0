package main

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// An insn is an instruction of machine code.
type insn struct {
	offset uint64 // from the start of the function, in bytes
	text   string // mnemonic and operands
}

// dialects are objdump's arguments for machine code of an architecture, as Go
// names it.
var dialects = map[string][]string{
	"amd64": {"-m", "i386:x86-64", "-M", "suffix"},
	"arm64": {"-m", "aarch64"},
}

// objdump returns the instructions of a file with the machine code of a function.
func objdump(ctx context.Context, path string, addr uint64) ([]insn, error) {
	args := append([]string{"-D", "-z", "-w", "--no-show-raw-insn", "-b", "binary", fmt.Sprintf("--adjust-vma=%#x", addr)}, dialects[runtime.GOARCH]...)
	out, err := exec.CommandContext(ctx, "objdump", append(args, path)...).Output()
	if err != nil {
		return nil, fmt.Errorf("objdump: %w", err)
	}
	return parseObjdump(string(out), addr), nil
}

// parseObjdump reads the lines "ADDRESS:\tTEXT" among all that objdump prints
// about a function.
func parseObjdump(out string, addr uint64) []insn {
	var insns []insn
	for line := range strings.Lines(out) {
		if i, ok := parseInsn(line); ok {
			i.offset -= addr
			insns = append(insns, i)
		}
	}
	return insns
}

// parseInsn reads a line "HEX:\tTEXT", if it is one.
func parseInsn(line string) (insn, bool) {
	place, text, ok := strings.Cut(line, ":\t")
	if !ok {
		return insn{}, false
	}
	n, err := strconv.ParseUint(strings.TrimLeft(place, " "), 16, 64)
	return insn{n, strings.TrimSpace(text)}, err == nil
}

// prefixes are words in front of mnemonics.
var prefixes = map[string]bool{
	"lock": true, "rep": true, "repz": true, "repnz": true, "notrack": true, "bnd": true,
	"data16": true, "addr32": true, "cs": true, "ds": true, "es": true, "fs": true, "gs": true, "ss": true,
}

// mnemonic returns the words of an instruction that are no operands.
func (i insn) mnemonic() string {
	words := strings.Fields(i.text)
	n := 0
	for n < len(words)-1 && prefixes[words[n]] {
		n++
	}
	return strings.Join(words[:min(n+1, len(words))], " ")
}
