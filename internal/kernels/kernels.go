// Package kernels finds the types of kernels, and of their modules, in files, directories
// and archives, and reads them.
//
// A kernel is a file with BTF as [btf.Open] reads it, alone or in a tar archive, compressed
// or not. The types of its modules are beside it: those of DIR/RELEASE.btf are
// DIR/modules/RELEASE/NAME.btf, any of them compressed or not. There are none in archives.
package kernels

import (
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"

	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/unpack"
)

// maxEntry is how long a kernel in an archive may be, in bytes: it is kept in memory. The
// types of those with most have 30 MB.
const maxEntry = 256 << 20

// modulesDir is the directory beside kernels that has the types of their modules.
const modulesDir = "modules"

// A Kernel is a kernel whose types are not read yet.
type Kernel struct {
	Name string // such as 5.10.0-46 or ubuntu/20.04/x86_64/5.4.0-1009-aws
	File string // its path; in an archive that of the archive, a colon, and the name there

	file    *unpack.File
	err     error    // why it cannot be read, if that is known
	modules []string // paths
}

// Types are those of a kernel and its modules.
type Types struct {
	*btf.Spec
	Modules []Module
	Unread  []error // of modules that cannot be read
}

// A Module is the types of a module of the kernel.
type Module struct {
	Name string
	Spec *btf.Spec // split, with the kernel's as its base
}

// Kernels calls yield with the kernels in a file: one, or those of an archive in its order,
// until it returns false. There is at least one: what cannot be read, or has no kernel, is
// a kernel whose types cannot be read.
func (f File) Kernels(yield func(*Kernel) bool) {
	k := &Kernel{Name: f.Name, File: f.Path, err: f.err}
	if k.err == nil {
		k.file, k.err = unpack.Open(f.Path)
	}
	switch {
	case k.err != nil:
		yield(k)
	case k.file.IsArchive():
		f.unpack(k.file, yield)
		k.file.Close()
	default:
		k.modules = findModules(f.Path)
		yield(k)
	}
}

// unpack is Kernels for an archive.
func (f File) unpack(archive *unpack.File, yield func(*Kernel) bool) {
	found := false
	for e, err := range archive.Entries() {
		if err != nil {
			yield(&Kernel{Name: f.Name, File: f.Path, err: err})
			return
		}
		if !isKernel(path.Base(e.Name)) || isModule(e.Name) {
			continue
		}
		found = true
		k := &Kernel{Name: f.within(e.Name), File: f.Path + ":" + e.Name}
		k.file, k.err = keep(e)
		if !yield(k) {
			return
		}
	}
	if !found {
		yield(&Kernel{Name: f.Name, File: f.Path, err: errors.New("no kernel in the archive")})
	}
}

// keep reads a file of an archive into memory.
func keep(e *unpack.Entry) (*unpack.File, error) {
	if e.Size > maxEntry {
		return nil, fmt.Errorf("%d bytes in an archive, of which at most %d are read", e.Size, maxEntry)
	}
	data, err := io.ReadAll(e)
	if err != nil {
		return nil, err
	}
	return unpack.Content(data)
}

// Read reads the types of a kernel. It is called once.
func (k *Kernel) Read() (*Types, error) {
	if k.file != nil {
		defer k.file.Close()
	}
	if k.err != nil {
		return nil, k.err
	}
	spec, err := btf.Read(k.file, nil)
	if err != nil {
		return nil, err
	}
	t := &Types{Spec: spec}
	for _, p := range k.modules {
		name := release(filepath.Base(p))
		s, err := btf.Open(p, spec)
		if err != nil {
			t.Unread = append(t.Unread, fmt.Errorf("module %s: %s", name, names.Reason(err)))
			continue
		}
		t.Modules = append(t.Modules, Module{name, s})
	}
	return t, nil
}
