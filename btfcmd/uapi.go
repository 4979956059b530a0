package btfcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/render"
	"github.com/gobpftool/gobpftool/internal/uapi"
)

// maxDirs is how many directories of headers may be given.
const maxDirs = 16

// addHeaders reads the name of a directory of headers.
func (o *dumpOptions) addHeaders(a *args.Args) error {
	if len(o.uapi) == maxDirs {
		return args.Errorf("only %d uapi are supported", maxDirs)
	}
	dir, err := a.Next(1)
	o.uapi = append(o.uapi, dir)
	return err
}

// readHeaders reads the headers in directories. Without any there are none.
func readHeaders(dirs []string) (*uapi.Headers, error) {
	if dirs == nil {
		return nil, nil
	}
	var trees []fs.FS
	for _, dir := range dirs {
		if _, err := os.ReadDir(dir); err != nil {
			return nil, fmt.Errorf("uapi: %w", err)
		}
		trees = append(trees, os.DirFS(dir))
	}
	headers, err := uapi.Read(trees...)
	if errors.Is(err, uapi.ErrMissing) {
		return nil, render.Hinted{
			Err:  fmt.Errorf("uapi: %w", err),
			Hint: "name all directories with headers of the kernel: uapi /usr/include uapi /usr/include/x86_64-linux-gnu",
		}
	}
	if err != nil {
		return nil, fmt.Errorf("uapi: %w", err)
	}
	return headers, nil
}
