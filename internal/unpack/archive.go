package unpack

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"iter"
)

const (
	// MaxArchive is how long an archive may be once it is not compressed any more, in
	// bytes: the types of some thousands of kernels.
	MaxArchive = 16 << 30

	// MaxEntries is how many files, directories and links an archive may have.
	MaxEntries = 1 << 16
)

// archiveMark is what an archive has in its first header, and where.
//
// Source: pax(1) of POSIX, "ustar Interchange Format".
const (
	archiveMark   = "ustar"
	archiveMarkAt = 257
)

var (
	errManyEntries = fmt.Errorf("more than %d entries", MaxEntries)
	errCut         = errors.New("the archive ends too soon")
)

// An Entry is a file in an archive. What it says may be read until the next one comes.
type Entry struct {
	io.Reader
	Name string // as the archive has it: it may say anything
	Size int64  // bytes
}

// IsArchive reports whether a tar archive is inside: one of POSIX or GNU.
func (f *File) IsArchive() bool {
	return len(f.Head) >= archiveMarkAt+len(archiveMark) && string(f.Head[archiveMarkAt:][:len(archiveMark)]) == archiveMark
}

// allowArchive lets an archive be longer than what is read at any place: it is read once,
// file by file.
func (f *File) allowArchive() {
	if s, ok := f.ReaderAt.(*stream); ok && f.IsArchive() {
		s.max = MaxArchive
	}
}

// Entries yields the ordinary files of an archive in its order. The first error is the last
// that it yields.
func (f *File) Entries() iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		r := tar.NewReader(f.Reader())
		for n := 0; ; n++ {
			h, err := r.Next()
			if err == nil && n >= MaxEntries {
				err = errManyEntries
			}
			switch {
			case err == io.EOF:
				return
			case errors.Is(err, io.ErrUnexpectedEOF):
				err = errCut
			}
			if err != nil {
				yield(nil, f.Within(fmt.Errorf("entry %d: %w", n+1, err)))
				return
			}
			if h.Typeflag == tar.TypeReg && !yield(&Entry{r, h.Name, h.Size}, nil) {
				return
			}
		}
	}
}
