package attach

import (
	"archive/zip"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// An image is an executable or a library.
type image struct {
	path string // of the file that it is in, which the kernel is told
	base uint64 // where it begins there, in bytes
	elf  *elf.File
	file *os.File
}

// entrySign is what divides the path of an archive from the name of a library in it, which
// programs map from there.
const entrySign = "!/"

// openImage opens the image at a path, or one without a slash where it is found.
func openImage(path string) (*image, error) {
	path, err := findFile(path)
	if err != nil {
		return nil, err
	}
	archive, entry, inside := strings.Cut(path, entrySign)
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	m := &image{path: archive, file: f}
	var size int64 = math.MaxInt64
	if inside {
		m.base, size, err = findEntry(f, entry)
	}
	if err == nil {
		m.elf, err = elf.NewFile(io.NewSectionReader(f, int64(m.base), size))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func (m *image) close() { m.file.Close() }

// findEntry returns where the file with some name is in an archive, and its length, in bytes.
func findEntry(f *os.File, name string) (at uint64, size int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return 0, 0, err
	}
	for _, entry := range archive.File {
		if entry.Name != name {
			continue
		}
		if entry.Method != zip.Store {
			return 0, 0, errors.New("it is compressed in the archive: programs cannot run it from there")
		}
		offset, err := entry.DataOffset()
		return uint64(offset), int64(entry.UncompressedSize64), err
	}
	return 0, 0, notFound("not in the archive")
}

// A function is a symbol of an image.
type function struct {
	name     string // in the table of all symbols with a version, as in "f@V" or "f@@V"
	version  string // of symbols for other images
	hidden   bool   // it is not the version that new programs get
	weak     bool
	indirect bool   // it is not the function, but finds it when a program starts
	offset   uint64 // in the file that has the image, in bytes
}

// functions returns the functions in the table of symbols for other images, or in that of all. There are
// none if there is no table.
func (m *image) functions(dynamic bool) ([]function, error) {
	read := m.elf.Symbols
	if dynamic {
		read = m.elf.DynamicSymbols
	}
	symbols, err := read()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return nil, fmt.Errorf("%s: %w", m.path, err)
	}
	var list []function
	for i := range symbols {
		if f, ok := m.function(&symbols[i]); ok {
			list = append(list, f)
		}
	}
	return list, nil
}

// function tells about a symbol, if it is a function of the image.
func (m *image) function(s *elf.Symbol) (function, bool) {
	kind := elf.ST_TYPE(s.Info)
	if kind != elf.STT_FUNC && kind != elf.STT_GNU_IFUNC || s.Section == elf.SHN_UNDEF || int(s.Section) >= len(m.elf.Sections) {
		return function{}, false
	}
	in := m.elf.Sections[s.Section]
	return function{
		name: s.Name, version: s.Version, hidden: s.HasVersion && s.VersionIndex.IsHidden(),
		weak: elf.ST_BIND(s.Info) == elf.STB_WEAK, indirect: kind == elf.STT_GNU_IFUNC,
		offset: s.Value - in.Addr + in.Offset + m.base,
	}, true
}

// is reports whether a function is the one with a name, which may have a version, as in "f@V", or "f@@V" if it
// must be the one for new programs.
func (f *function) is(want string) bool {
	name, version, _ := strings.Cut(want, "@")
	version, newest := strings.CutPrefix(version, "@")
	own, of, named := strings.Cut(f.name, "@")
	hidden := f.hidden
	if named {
		of, hidden = strings.TrimPrefix(of, "@"), !strings.HasPrefix(of, "@")
	} else {
		of = f.version
	}
	return own == name && (version == "" || version == of) && !(newest && hidden)
}

// offset returns where a function is in the file that has the image, in bytes.
func (m *image) offset(name string) (uint64, error) {
	indirect := false
	for _, dynamic := range []bool{true, false} {
		list, err := m.functions(dynamic)
		if err != nil {
			return 0, err
		}
		var found *function
		for i := range list {
			f := &list[i]
			switch {
			case !f.is(name):
			case f.indirect:
				indirect = true
			case found == nil || found.weak && !f.weak:
				found = f
			case found.offset != f.offset && !f.weak:
				return 0, fmt.Errorf("%s: several functions %s, such as at %#x and %#x", m.path, name, found.offset, f.offset)
			}
		}
		if found != nil {
			return found.offset, nil
		}
	}
	return 0, m.noFunction(name, indirect)
}

// offsets returns where the functions are that a pattern stands for, as [image.offset] does: by the table of
// all symbols if that has any, else by the other.
func (m *image) offsets(pattern string) ([]uintptr, error) {
	for _, dynamic := range []bool{false, true} {
		list, err := m.functions(dynamic)
		if err != nil {
			return nil, err
		}
		var found []uintptr
		for _, f := range list {
			if !f.indirect && matches(pattern, f.name) {
				found = append(found, uintptr(f.offset))
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, m.noFunction(pattern, false)
}
