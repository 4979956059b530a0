package pick

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/btf"
)

// KernelTypes is the file in which the running kernel shows its types.
const KernelTypes = "/sys/kernel/btf/vmlinux"

// ReadBTF returns the BTF that the kernel has under an ID. That of a module needs the
// types of the kernel, which are read as well.
func ReadBTF(id uint32) (*btf.Spec, error) {
	fd, err := bpf.Open(bpf.BTF, id)
	if err != nil {
		return nil, fmt.Errorf("can't get BTF object by id (%d): %w", id, err)
	}
	defer fd.Close()
	info, data, err := bpf.ReadBTF(fd)
	if err != nil {
		return nil, fmt.Errorf("can't get BTF object info: %w", err)
	}
	var base *btf.Spec
	if info.Kernel && info.Name != "vmlinux" {
		if base, err = ReadKernelBTF(0); err != nil {
			return nil, err
		}
	}
	return btf.Parse(data, base)
}

// ReadKernelBTF returns the types of the running kernel, or of the one of its modules
// that has the given ID. Older kernels do not say which of them a map's types are
// from: 0 stands for the kernel itself.
func ReadKernelBTF(id uint32) (*btf.Spec, error) {
	if id != 0 {
		return ReadBTF(id)
	}
	spec, err := mapTypes(KernelTypes)
	if err != nil {
		spec, err = btf.Open(KernelTypes, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("failed to load BTF from %s: %w", KernelTypes, err)
	}
	return spec, nil
}

// A Module is the types of a module of the kernel.
type Module struct {
	Name string
	Spec *btf.Spec // split, with the kernel's as its base
}

// Modules are those of the kernel.
type Modules struct {
	Loaded []Module // whose types can be read; not nil
	Loads  bool     // the kernel can load more
}

// ReadModules reads the types of the modules that are loaded, which takes no rights: kernel are those that these are
// based on.
func ReadModules(kernel *btf.Spec) Modules {
	_, err := os.Stat("/proc/modules")
	m := Modules{Loaded: []Module{}, Loads: err == nil}
	paths, _ := filepath.Glob(filepath.Join(filepath.Dir(KernelTypes), "*")) // the pattern is right
	for _, path := range paths {
		if path == KernelTypes {
			continue
		}
		if spec, err := btf.Open(path, kernel); err == nil {
			m.Loaded = append(m.Loaded, Module{filepath.Base(path), spec})
		}
	}
	return m
}

// KernelID returns the ID of the kernel's own types, or 0 if it has none. It takes CAP_SYS_ADMIN.
func KernelID() (uint32, error) {
	for id, err := range bpf.IDs(bpf.BTF) {
		if err != nil {
			return 0, err
		}
		fd, err := bpf.Open(bpf.BTF, id)
		if err != nil {
			continue // it is gone
		}
		info, err := bpf.ReadBTFInfo(fd)
		fd.Close()
		if err == nil && info.Kernel && info.Name == "vmlinux" {
			return id, nil
		}
	}
	return 0, nil
}

// mapTypes reads types from the memory of the kernel, which shows it since Linux 6.16: nothing is
// copied. It stays mapped, as the types do not change.
func mapTypes(path string) (*btf.Spec, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	var fs unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &fs); err == nil && uint32(fs.Type) == unix.SYSFS_MAGIC { // nothing is mounted over it
		return btf.Trust(data)
	}
	return btf.Parse(data, nil)
}
