package unpack

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	// kept is how much of a stream before its current position can be read
	// again without starting over, in bytes: all of most modules, and the
	// tables at the end of a kernel.
	kept = 4 << 20

	// chunk is how much is decompressed at a time, in bytes.
	chunk = 256 << 10

	// maxRewinds is how often a stream may start over. Its readers look at the
	// start, the tables at the end, and one section or two.
	maxRewinds = 16
)

var (
	errTooLong = fmt.Errorf("inflates to more than %d MiB", Max>>20)
	errJumpy   = errors.New("its parts are in no order in which they can be read")
)

// A stream is compressed data that can be read at any place. Since a kernel has
// ten times the size of its BTF, the whole is not kept in memory: what lies far
// back is decompressed again.
type stream struct {
	codec   *codec
	src     io.ReadSeeker
	r       io.Reader // nil at first
	buf     []byte    // the bytes from start to end
	start   int64
	err     error // what r ended with
	rewinds int
	max     int64 // bytes
}

func newStream(c *codec, src io.ReadSeeker) *stream {
	return &stream{codec: c, src: src, max: Max}
}

func (s *stream) end() int64 { return s.start + int64(len(s.buf)) }

// ReadAt implements [io.ReaderAt].
func (s *stream) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("offset %d", off)
	}
	if off < s.start || s.r == nil && s.err == nil {
		if err := s.rewind(); err != nil {
			return 0, err
		}
	}
	n := 0
	for n < len(p) {
		if at := off + int64(n); at >= s.end() {
			if err := s.fill(); err != nil {
				return n, err
			}
		} else {
			n += copy(p[n:], s.buf[at-s.start:])
		}
	}
	return n, nil
}

// rewind starts over.
func (s *stream) rewind() error {
	if s.rewinds++; s.rewinds > maxRewinds {
		return errJumpy
	}
	if _, err := s.src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	s.buf, s.start = s.buf[:0], 0
	if r, ok := s.r.(resetter); ok { // with the memory that it has
		s.err = r.Reset(s.src)
	} else {
		s.r, s.err = s.codec.open(s.src)
	}
	return s.err
}

// A resetter is a decompressor that can start over.
type resetter interface{ Reset(io.Reader) error }

// fill decompresses some more, and forgets what lies too far back.
func (s *stream) fill() error {
	if s.err != nil {
		return s.err
	}
	if len(s.buf) >= 2*kept {
		drop := len(s.buf) - kept
		s.buf = s.buf[:copy(s.buf, s.buf[drop:])]
		s.start += int64(drop)
	}
	s.buf = slices.Grow(s.buf, chunk)
	n, err := s.r.Read(s.buf[len(s.buf):][:chunk])
	s.buf = s.buf[:len(s.buf)+n]
	switch {
	case s.end() > s.max:
		s.err = errTooLong
	case err != nil && err != io.EOF:
		// What came before is good: a kernel's payload is followed by its size,
		// which no decompressor knows.
		s.err = fmt.Errorf("offset %d: %w", s.end(), err)
	default:
		s.err = err
	}
	return nil
}
