package btf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// imageMark is how the BTF of a kernel starts: magic number, version, flags and
// the length of the header. Kernels with flat images are little-endian.
var imageMark = []byte{magic & 0xff, magic >> 8, 1, 0, headerLen, 0, 0, 0}

// maxMarks is how many places that look like the start of BTF are looked at. A
// kernel has one, or a few more in code that knows the mark.
const maxMarks = 16

// readImage reads the BTF of a flat image, which has no table of sections: only
// its first bytes tell it from what is around it.
func readImage(f *unpack.File, base *Spec) (*Spec, error) {
	image, err := io.ReadAll(io.LimitReader(f.Reader(), unpack.Max))
	if err != nil {
		return nil, err
	}
	wrong := errors.New("kernel image without BTF")
	at := 0
	for range maxMarks {
		next := bytes.Index(image[at:], imageMark)
		if next < 0 {
			break
		}
		at += next
		s, err := embedded(image[at:], base)
		if err == nil {
			return s, nil
		}
		wrong = fmt.Errorf("BTF at %#x of a kernel image: %w", at, err)
		at++
	}
	return nil, wrong
}

// embedded reads the BTF at the start of data.
func embedded(data []byte, base *Spec) (*Spec, error) {
	if len(data) < headerLen {
		return nil, fmt.Errorf("BTF of %d bytes, want at least %d", len(data), headerLen)
	}
	n := min(length(data, binary.LittleEndian), int64(len(data)))
	s, err := complete(bytes.Clone(data[:n]), base, wide)
	if err == nil && len(s.offsets) == 0 {
		err = errors.New("no types")
	}
	return s, err
}
