// Package unpack opens files for those who look for types or code in them, and
// takes off what an ELF object or BTF is wrapped in: compression, the boot
// image of a kernel, or one in the other. What a file is, its first bytes say,
// never its name.
package unpack

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// Max is how long the content of a file may be once it is not compressed any
// more, in bytes. The kernels of distributions have 60 MB.
const Max = 1 << 30

// maxDepth bounds how many wrappings may be around each other. A compressed
// kernel image has two.
const maxDepth = 4

// headLen is how much of a file its kind is told by, in bytes: the header of a
// kernel image is the longest.
const headLen = bootHeaderEnd

// A File is what is inside of a file, for reading at any place. It is not for
// use by several goroutines.
type File struct {
	io.ReaderAt
	Head []byte // the first bytes, fewer than headLen only if there are no more

	wrappings []string
	file      *os.File
}

// Open opens a file. What is inside need not be ELF or BTF.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{ReaderAt: file, file: file}
	if err := f.open(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Content opens what has been read already.
func Content(data []byte) (*File, error) {
	f := &File{ReaderAt: bytes.NewReader(data)}
	return f, f.unwrap(int64(len(data)))
}

func (f *File) open() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() {
		return f.unwrap(info.Size())
	}
	// A pipe cannot be read at any place.
	data, err := io.ReadAll(io.LimitReader(f.file, Max))
	if err != nil {
		return err
	}
	f.ReaderAt = bytes.NewReader(data)
	return f.unwrap(int64(len(data)))
}

// Close closes the file.
func (f *File) Close() error {
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// IsELF reports whether an ELF object is inside.
func (f *File) IsELF() bool { return bytes.HasPrefix(f.Head, []byte(elf.ELFMAG)) }

// Reader reads what is inside from its start to its end.
func (f *File) Reader() io.Reader { return io.NewSectionReader(f, 0, math.MaxInt64) }

// Within says in an error where something is wrong: in what the file is wrapped
// in, if it is.
func (f *File) Within(err error) error {
	if err == nil || len(f.wrappings) == 0 {
		return err
	}
	return fmt.Errorf("in %s: %w", strings.Join(f.wrappings, ", "), err)
}

// unwrap takes off wrappings until there is none that it knows. size is that of
// the file, in bytes.
func (f *File) unwrap(size int64) error {
	for range maxDepth {
		if err := f.readHead(); err != nil {
			return f.Within(err)
		}
		image, err := findPayload(f.Head, size)
		if err != nil {
			return f.Within(err)
		}
		if image != nil {
			f.wrappings = append(f.wrappings, image.name)
			f.ReaderAt, size = io.NewSectionReader(f.ReaderAt, image.offset, image.length), image.length
			continue
		}
		c := findCodec(f.Head)
		if c == nil {
			f.allowArchive()
			return nil
		}
		f.wrappings = append(f.wrappings, c.name)
		if c.open == nil {
			return f.Within(errors.New("compressed in a way that is not supported"))
		}
		f.ReaderAt, size = newStream(c, io.NewSectionReader(f.ReaderAt, 0, size)), Max
	}
	return f.Within(fmt.Errorf("more than %d wrappings", maxDepth))
}

func (f *File) readHead() error {
	f.Head = make([]byte, headLen)
	n, err := f.ReadAt(f.Head, 0)
	f.Head = f.Head[:n]
	if err == io.EOF {
		return nil
	}
	return err
}
