package attach

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/render"
)

// A notFound says what there is not. It is an [fs.ErrNotExist].
type notFound string

func (e notFound) Error() string        { return string(e) }
func (e notFound) Is(target error) bool { return target == fs.ErrNotExist }

// isMapIter reports whether an iterator goes over the elements of a map, which must be named.
func isMapIter(target string) bool { return target == "bpf_map_elem" || target == "bpf_sk_storage_map" }

func needsMap(target string, err error) error {
	return render.Hinted{
		Err:  fmt.Errorf("iterator %s: it goes over the elements of one map, which a section does not name: %w", target, err),
		Hint: "load the program without \"autoattach\", and use \"iter pin OBJ PATH map MAP\"",
	}
}

// denied adds advice to what the kernel says to those who may not see events of others.
func denied(err error) error {
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) {
		return render.Hinted{Err: err, Hint: "events of all processes want root, or the capability CAP_PERFMON"}
	}
	return err
}

func noRawTracepoint(name string, err error) error {
	return render.Hinted{
		Err:  fmt.Errorf("raw tracepoint %s: %w", name, err),
		Hint: "it is what an event below /sys/kernel/tracing/events is called behind the slash, with few exceptions",
	}
}

// noFunction says that an image has no function of a name.
func (m *image) noFunction(name string, indirect bool) error {
	err := notFound(m.path + ": no function " + name)
	switch {
	case indirect:
		return render.Hinted{Err: err, Hint: "it stands for one of several (STT_GNU_IFUNC), which programs choose when they start: probe that one"}
	case m.elf.Section(".symtab") == nil:
		return render.Hinted{Err: err, Hint: "the file was stripped: only functions for other files have a name in it"}
	}
	return render.Hinted{Err: err, Hint: "it may be inline, or have another name for the linker; nm(1) lists those that there are"}
}
