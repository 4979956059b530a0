package unpack

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/therootcompany/xz"
)

// A codec is a way to compress data.
type codec struct {
	name  string
	magic string // the first bytes

	// open returns a reader of what is compressed in another. It is nil if that
	// cannot be done.
	open func(io.Reader) (io.Reader, error)
}

// maxWindow is how far back compressed data may refer, in bytes, which a
// decompressor keeps in memory. Kernels are compressed by zstd -22, which needs
// this much.
const maxWindow = 128 << 20

// codecs are those that kernels and modules are compressed with.
//
// Source: lib/decompress.c of the kernel.
var codecs = []codec{
	{"gzip", "\x1f\x8b", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"bzip2", "BZh", func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"xz", "\xfd7zXZ\x00", func(r io.Reader) (io.Reader, error) { return xz.NewReader(r, maxWindow) }},
	{"zstd", "\x28\xb5\x2f\xfd", openZstd},
	{"lz4", "\x04\x22\x4d\x18", openLZ4},
	{"lz4", "\x02\x21\x4c\x18", openLZ4}, // its legacy frames, which the kernel uses
	{"lzma", "\x5d\x00\x00", nil},
	{"lzo", "\x89LZO", nil},
}

func findCodec(head []byte) *codec {
	for i := range codecs {
		if bytes.HasPrefix(head, []byte(codecs[i].magic)) {
			return &codecs[i]
		}
	}
	return nil
}

func openZstd(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
}

func openLZ4(r io.Reader) (io.Reader, error) { return lz4Reader{lz4.NewReader(r)}, nil }

type lz4Reader struct{ *lz4.Reader }

// Reset implements resetter.
func (l lz4Reader) Reset(r io.Reader) error {
	l.Reader.Reset(r)
	return nil
}
