// Gendocs writes the man pages and the scripts for completion into a directory,
// and removes from it what is out of date:
//
//	go run ./cmd/gendocs docs
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gobpftool/gobpftool/cmd"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gendocs DIR")
		os.Exit(2)
	}
	if err := generate(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

func generate(dir string) error {
	files, err := cmd.Docs()
	if err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			return err
		}
	}
	return tidy(dir, files)
}

// tidy removes the files below the directories of the given ones that are not
// among them.
func tidy(dir string, files map[string]string) error {
	for name := range files {
		within := filepath.Join(dir, filepath.Dir(name))
		list, err := fs.ReadDir(os.DirFS(within), ".")
		if err != nil {
			return err
		}
		for _, f := range list {
			if _, ok := files[filepath.Join(filepath.Dir(name), f.Name())]; ok {
				continue
			}
			if err := os.Remove(filepath.Join(within, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
