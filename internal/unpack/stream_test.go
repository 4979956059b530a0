package unpack

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
)

// long returns bytes that do not repeat, more than a stream keeps.
func long() []byte {
	b := make([]byte, 5*kept)
	rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

func TestStream(t *testing.T) {
	data := long()
	for _, how := range []string{"gzip", "zstd", "lz4", "lz4 legacy"} {
		t.Run(how, func(t *testing.T) {
			packed := compressed(t, how, data)
			s := newStream(findCodec(packed), bytes.NewReader(packed))
			for _, off := range []int{0, 100, 0, len(data) - 50, len(data) - kept, 3 * kept, 0, 4*kept + 1, 5} {
				got := make([]byte, 1000)
				n, err := s.ReadAt(got, int64(off))
				want := data[off:min(off+1000, len(data))]
				if !bytes.Equal(got[:n], want) || (n < 1000) != (err == io.EOF) {
					t.Errorf("at %d: %d bytes, %v; want %d", off, n, err, len(want))
				}
			}
			if s.rewinds != 4 { // the first, and three to far back
				t.Errorf("started %d times, want 4", s.rewinds)
			}
			if n := cap(s.buf); n > 4*kept {
				t.Errorf("keeps %d bytes", n)
			}
		})
	}
}

func TestStreamLimits(t *testing.T) {
	packed := compressed(t, "zstd", make([]byte, 2<<20))
	s := newStream(findCodec(packed), bytes.NewReader(packed))
	s.max = 1 << 20
	if _, err := s.ReadAt(make([]byte, 100), 3<<19); !errors.Is(err, errTooLong) {
		t.Errorf("a bomb: %v, want %v", err, errTooLong)
	}

	packed = compressed(t, "lz4", make([]byte, 2*kept+chunk))
	s = newStream(findCodec(packed), bytes.NewReader(packed))
	var err error
	for i := range 2*maxRewinds + 1 {
		if _, err = s.ReadAt(make([]byte, 1), int64(i%2)*2*kept); err != nil {
			break
		}
	}
	if !errors.Is(err, errJumpy) {
		t.Errorf("reading back and forth: %v, want %v", err, errJumpy)
	}
	if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("reading before the start succeeded")
	}
}

// TestStreamCut checks that what is missing is missed, however much there is.
func TestStreamCut(t *testing.T) {
	for _, how := range []string{"gzip", "zstd", "lz4", "xz", "bzip2"} {
		var packed []byte
		switch how {
		case "xz":
			packed = testFile(t, "calls.xz")
		case "bzip2":
			packed = testFile(t, "calls.bz2")
		default:
			packed = compressed(t, how, calls())
		}
		for n := 8; n < len(packed); n += 1 + len(packed)/50 {
			s := newStream(findCodec(packed), bytes.NewReader(packed[:n]))
			got, err := io.ReadAll(io.NewSectionReader(s, 0, Max))
			if err == nil {
				t.Errorf("%s: %d of %d bytes give %d without an error", how, n, len(packed), len(got))
			}
		}
	}
}
