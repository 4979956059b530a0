package uapi

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// trees are the directories with headers of the kernel. Others are not read.
var trees = []string{"linux", "asm", "asm-generic", "drm", "misc", "mtd", "rdma", "scsi", "sound", "video", "xen"}

// Limits of what is read. Linux 7.3 has some 1000 headers, 10 MB of them.
const (
	maxFiles = 1 << 13
	maxTexts = 1 << 25 // bytes of all headers
)

// ErrMissing is wrapped by errors about headers that are in no directory.
var ErrMissing = errors.New("no such header")

// Read reads the headers <linux/*.h> and what they include. Directories are
// searched in the order in which a compiler would.
//
// The error wraps [ErrMissing] if there are no headers, or none of the machine.
func Read(dirs ...fs.FS) (*Headers, error) {
	r := reader{dirs: dirs, files: map[string]*header{}, words: interned{}}
	for _, dir := range dirs {
		if err := r.list(dir); err != nil {
			return nil, err
		}
	}
	for len(r.todo) > 0 {
		name := r.todo[len(r.todo)-1]
		r.todo = r.todo[:len(r.todo)-1]
		if err := r.read(name); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{"linux/types.h", "asm/types.h"} {
		if r.files[name] == nil {
			return nil, fmt.Errorf("<%s>: %w", name, ErrMissing)
		}
	}
	return newHeaders(r.files)
}

// A reader reads headers and those that they include.
type reader struct {
	dirs  []fs.FS
	files map[string]*header // nil for what is in no directory
	todo  []string
	words interned
	texts int // bytes that have been read
}

// list finds the headers <linux/*.h> of a directory.
func (r *reader) list(dir fs.FS) error {
	return fs.WalkDir(dir, "linux", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == "linux":
			return nil
		case err != nil:
			return err
		case !d.IsDir() && path.Ext(name) == ".h":
			r.todo = append(r.todo, name)
		}
		return nil
	})
}

// read reads a header, and puts those on the list that it includes.
func (r *reader) read(name string) error {
	if _, ok := r.files[name]; ok {
		return nil
	}
	if len(r.files) == maxFiles {
		return fmt.Errorf("%s: more than %d headers", name, maxFiles)
	}
	text, err := r.text(name)
	if errors.Is(err, fs.ErrNotExist) {
		r.files[name] = nil
		return nil
	}
	if err != nil {
		return err
	}
	if r.texts += len(text); r.texts > maxTexts {
		return fmt.Errorf("%s: more than %d bytes of headers", name, maxTexts)
	}
	h, err := scan(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for i, written := range h.includes {
		h.includes[i] = r.resolve(name, written)
		if inTrees(h.includes[i]) {
			r.todo = append(r.todo, h.includes[i])
		}
	}
	r.words.header(h)
	r.files[name] = h
	return nil
}

// text returns the text of a header, of which the first directory counts.
func (r *reader) text(name string) (string, error) {
	for _, dir := range r.dirs {
		info, err := fs.Stat(dir, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", err
		case !info.Mode().IsRegular() || info.Size() > maxText:
			return "", fmt.Errorf("%s: no file of at most %d bytes", name, maxText)
		}
		text, err := fs.ReadFile(dir, name)
		return string(text), err
	}
	return "", fs.ErrNotExist
}

// resolve returns the name of a header that is included, or "" if it has none.
func (r *reader) resolve(from, written string) string {
	if len(written) < 3 {
		return ""
	}
	end := strings.IndexAny(written[1:], `">`)
	if end < 0 {
		return ""
	}
	name := written[1 : 1+end]
	if beside := path.Join(path.Dir(from), name); written[0] == '"' && inTrees(beside) {
		if _, err := r.text(beside); err == nil {
			return beside
		}
	}
	return path.Clean(name)
}

// inTrees reports whether a header is one of the kernel.
func inTrees(name string) bool {
	tree, _, _ := strings.Cut(name, "/")
	return fs.ValidPath(name) && slices.Contains(trees, tree)
}
