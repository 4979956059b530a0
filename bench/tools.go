package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A tool is a command line to which arguments are added; empty if there is no
// such tool.
type tool []string

// with returns the whole command line for arguments that are separated by blanks.
func (t tool) with(args string) []string {
	return append(append([]string(nil), t...), strings.Fields(args)...)
}

// tools are the programs that are compared.
type tools struct {
	ours      tool
	reference tool
	holding   tool
	objdump   tool
}

// rival returns the C tool for a row, or why there is none.
func (t tools) rival(of rival) (tool, string) {
	switch {
	case of == nobody:
		return nil, "no C tool has it"
	case of == objdump && len(t.objdump) == 0:
		return nil, "no objdump"
	case of == objdump:
		return t.objdump, ""
	case of == reference && len(t.reference) == 0:
		return nil, "no reference"
	case of == reference:
		return t.reference, ""
	case len(t.holding) == 0:
		return nil, "no build with holders"
	default:
		return t.holding, ""
	}
}

// tools finds the C tools and, unless it was named, builds ours in dir.
func (o options) tools(ctx context.Context, dir string) (t tools, err error) {
	if t.reference, err = find(o.reference); err != nil {
		return t, fmt.Errorf("reference: %w", err)
	}
	if t.holding, err = find(o.holding); err != nil {
		return t, fmt.Errorf("build with holders: %w", err)
	}
	if t.objdump, err = find("objdump"); err != nil {
		return t, fmt.Errorf("objdump: %w", err)
	}
	if o.ours != "" {
		t.ours, err = find(o.ours)
		if err == nil && len(t.ours) == 0 {
			err = fmt.Errorf("gobpftool: %s: %w", o.ours, fs.ErrNotExist)
		}
		return t, err
	}
	t.ours, err = build(ctx, filepath.Join(dir, "gobpftool"))
	return t, err
}

// find splits a command line at blanks and looks its program up. The tool is
// empty if there is no such file.
func find(command string) (tool, error) {
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil, nil
	}
	path, err := exec.LookPath(words[0])
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	words[0] = path
	return words, nil
}

// build makes gobpftool as releases make it.
func build(ctx context.Context, path string) (tool, error) {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags=urfave_cli_no_docs", "-ldflags=-s -w", "-o", path, "./cmd/gobpftool")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("go build: %w", err)
	}
	return tool{path}, nil
}

// notes returns what a reader of the numbers has to know about the tools, while
// this process holds the population.
func (t tools) notes(ctx context.Context) []string {
	var notes []string
	about := func(role string, t tool, mustFind bool) {
		if len(t) == 0 {
			return
		}
		notes = append(notes, fmt.Sprintf("%s: %s.", role, version(ctx, t)))
		if isScript(t) {
			notes = append(notes, role+" is started by a script, whose own time and memory count as its.")
		}
		if mustFind && !findsHolders(ctx, t) {
			notes = append(notes, role+" finds no holders here: in company it does less than is asked of it.")
		}
	}
	about("gobpftool", t.ours, true)
	about("The reference", t.reference, false)
	about("The build with holders", t.holding, true)
	return notes
}

// version returns the first line of what a tool says of itself.
func version(ctx context.Context, t tool) string {
	out, err := exec.CommandContext(ctx, t[0], t.with("version")[1:]...).Output()
	if err != nil {
		return "unknown version"
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}

// findsHolders reports whether a tool names the processes that hold programs.
// It is asked while this process holds some.
func findsHolders(ctx context.Context, t tool) bool {
	out, err := exec.CommandContext(ctx, t[0], t.with("-j prog list")[1:]...).Output()
	return err == nil && bytes.Contains(out, []byte(`"pids":`))
}

// isScript reports whether a tool is a script, whose interpreter takes time to
// start.
func isScript(t tool) bool {
	f, err := os.Open(t[0])
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 2)
	n, _ := f.Read(head)
	return string(head[:n]) == "#!"
}
