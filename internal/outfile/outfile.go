// Package outfile writes the files that commands are asked for: completely, or not at
// all.
package outfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gobpftool/gobpftool/internal/names"
)

// An Error says which file could not be written.
type Error struct {
	Path string
	Err  error // an [fs.PathError] with the operation "open" if it was not even opened
}

func (e *Error) Error() string { return fmt.Sprintf("writing '%s': %s", e.Path, names.Reason(e.Err)) }
func (e *Error) Unwrap() error { return e.Err }

// Write writes a file, which takes its place when it is complete. A new one has the
// rights in perm, as far as the process' umask leaves them. What is no ordinary file,
// such as a pipe, is written to as it is.
//
// The error is an [Error], or what write returned.
func Write(path string, perm fs.FileMode, write func(*bufio.Writer) error) error {
	if path == "" {
		return &Error{path, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOENT}}
	}
	old, err := os.Stat(path)
	if err == nil && !old.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return &Error{path, err}
		}
		return finish(path, f, write)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
	}
	f, put, err := create(path, perm, old)
	if err != nil {
		return &Error{path, err}
	}
	part := f.Name()
	defer os.Remove(part) // in vain once it is renamed
	if err := finish(path, f, write); err != nil {
		return err
	}
	if err := put(path, part); err != nil {
		return &Error{path, err}
	}
	return nil
}

// partNameMax is how much of a file's name the name of a part of it has, in bytes. File
// systems have some 250.
const partNameMax = 200

// create makes the file that is written before it takes the place of path, and returns
// how it does that.
func create(path string, perm fs.FileMode, old os.FileInfo) (f *os.File, put func(path, part string) error, err error) {
	dir, name := filepath.Split(path)
	part := fmt.Sprintf("%s%s.%d", dir, name[:min(len(name), partNameMax)], os.Getpid())
	f, err = os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err == nil || old == nil {
		return f, func(path, part string) error { return replace(path, part, old) }, err
	}
	// There may be no new files in the directory, but the old one may be written.
	writable, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, nil, err
	}
	writable.Close()
	f, err = os.CreateTemp("", "part")
	return f, overwrite, err
}

// replace puts a file in the place of another one, whose owner and rights it gets if
// there is one, or if that cannot be done, its contents.
func replace(path, part string, old os.FileInfo) error {
	if old != nil {
		owner := old.Sys().(*syscall.Stat_t)
		if err := errors.Join(os.Chown(part, int(owner.Uid), int(owner.Gid)), os.Chmod(part, old.Mode().Perm())); err != nil {
			return overwrite(path, part)
		}
	}
	if target, err := os.Readlink(path); err == nil { // which leads nowhere yet
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		return overwrite(target, part)
	}
	err := os.Rename(part, path)
	if errors.Is(err, syscall.EBUSY) { // a file system of its own, as in containers
		return overwrite(path, part)
	}
	return err
}

// overwrite copies a file into another one.
func overwrite(path, part string) error {
	from, err := os.Open(part)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// finish writes what there is to be written to f, and closes it.
func finish(path string, f *os.File, write func(*bufio.Writer) error) error {
	defer f.Close() // in vain if all goes well
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return &Error{path, err}
	}
	if err := f.Close(); err != nil {
		return &Error{path, err}
	}
	return nil
}
