package mapcmd

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/names"
)

// writeFile writes a file, which takes its place when it is complete. What is no
// ordinary file, such as a pipe, is written to as it is.
func writeFile(path string, write func(*bufio.Writer) error) error {
	mode := os.FileMode(0o644)
	switch info, err := os.Stat(path); {
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return writing(path, err)
		}
		return finish(path, f, write)
	case err == nil:
		mode = info.Mode().Perm()
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return writing(path, err)
	}
	defer os.Remove(f.Name()) // in vain once it is renamed
	if err := finish(path, f, write); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), mode); err != nil {
		return writing(path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return writing(path, err)
	}
	return nil
}

// finish writes what there is to be written to f, and closes it.
func finish(path string, f *os.File, write func(*bufio.Writer) error) error {
	defer f.Close() // in vain if all goes well
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return writing(path, err)
	}
	if err := f.Close(); err != nil {
		return writing(path, err)
	}
	return nil
}

func writing(path string, err error) error {
	return fmt.Errorf("writing '%s': %s", path, names.Reason(err))
}
