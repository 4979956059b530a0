package gen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/render"
)

// compiled reports whether the source is an object already.
func (w *goWords) compiled() bool {
	f, err := os.Open(w.source)
	if err != nil {
		return false
	}
	defer f.Close()
	magic := make([]byte, 4)
	_, err = f.Read(magic)
	return err == nil && string(magic) == "\x7fELF"
}

// object returns the object for a target, and the rule for make that the compiler wrote.
func (w *goWords) object(ctx context.Context, talk *render.Talk, t target) (data, rule []byte, err error) {
	if w.compiled() {
		data, err = elfobj.ReadFile(w.source)
		return data, fmt.Appendf(nil, "x: %s\n", w.source), err
	}
	if _, err := os.Stat(w.source); err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "gobpftool-gen-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	path, rulePath := filepath.Join(dir, "object.o"), filepath.Join(dir, "object.d")
	words, err := w.compilation(t, path, rulePath)
	if err != nil {
		return nil, nil, err
	}
	if err := runTool(ctx, talk, words, "-cc or $BPF2GO_CC names another compiler"); err != nil {
		return nil, nil, fmt.Errorf("compile %s for %s: %w", w.source, t.word, err)
	}
	if w.strip != "" {
		if err := runTool(ctx, talk, []string{w.strip, "-g", path}, "-strip or $BPF2GO_STRIP names another one; -no-strip leaves DWARF in"); err != nil {
			return nil, nil, fmt.Errorf("strip %s for %s: %w", w.source, t.word, err)
		}
	}
	if data, err = os.ReadFile(path); err == nil && w.makeBase != "" {
		rule, err = os.ReadFile(rulePath)
	}
	return data, rule, err
}

// compilation returns the command that compiles for a target. What may be changed by flags is before them. The object
// does not depend on where the source is, nor on the path of the object.
func (w *goWords) compilation(t target, path, rulePath string) ([]string, error) {
	source, err := filepath.Abs(w.source)
	if err != nil {
		return nil, err
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	in := filepath.Dir(source)
	relative, err := filepath.Rel(here, in)
	if err != nil {
		return nil, err
	}
	front := 1 // "ccache clang" has flags behind both
	for front < len(w.compiler) && !strings.HasPrefix(w.compiler[front], "-") {
		front++
	}
	words := append([]string(nil), w.compiler[:front]...)
	words = append(words, "-O2", "-mcpu=v1") // any other depends on the kernel of this machine
	words = append(append(words, w.compiler[front:]...), w.flags...)
	if w.makeBase != "" {
		words = append(words, "-MD", "-MP", "-MF"+rulePath)
	}
	if t.linux != "" {
		words = append(words, "-D__TARGET_ARCH_"+t.linux)
	}
	return append(words, "-Wunused-command-line-argument", "-target", t.clang, "-c", source, "-o", path,
		"-fno-ident", "-fdebug-prefix-map="+in+"="+relative, "-fdebug-compilation-dir", ".", "-g",
		`-D__BPF_TARGET_MISSING="GCC error \"what is traced depends on the processor: -target names one\""`), nil
}

// runTool runs a command, and says what it says. An error has that, too.
func runTool(ctx context.Context, talk *render.Talk, words []string, hint string) error {
	c := exec.CommandContext(ctx, words[0], words[1:]...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	text := strings.TrimSuffix(said.String(), "\n")
	switch {
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist):
		return render.Hinted{Err: fmt.Errorf("there is no %s", words[0]), Hint: hint}
	case err != nil:
		return fmt.Errorf("%s: %w\n%s", words[0], err, text)
	case text != "":
		talk.Warn("%s", text)
	}
	return nil
}

// dependencies rewrites the rule of a compiler, so that what is made is a file in Go, and paths are relative to the directory of
// the Makefile. Rules without prerequisites stay: they let make go on where a header is gone.
func (w *goWords) dependencies(rule []byte, made string) ([]byte, error) {
	var b bytes.Buffer
	lines := strings.Split(strings.ReplaceAll(string(rule), "\\\n", " "), "\n")
	for _, line := range lines {
		to, from, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		if b.Len() == 0 {
			to = made
		}
		var paths []string
		for _, path := range append([]string{to}, strings.Fields(from)...) {
			abs, err := filepath.Abs(path)
			if err != nil {
				return nil, err
			}
			relative, err := filepath.Rel(w.makeBase, abs)
			if err != nil {
				return nil, err
			}
			paths = append(paths, relative)
		}
		b.WriteString(paths[0] + ":")
		for _, path := range paths[1:] {
			b.WriteString(" \\\n " + path)
		}
		b.WriteString("\n\n")
	}
	return b.Bytes(), nil
}
