package unpack

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// calls looks like a program: it calls one function from many places, which is
// what the filter of xz for machine code of x86 is for.
//
// testdata/calls.xz is made from it by xz --check=crc32 --x86
// --lzma2=dict=32MiB, as kernels are compressed, and calls.bz2 by bzip2.
func calls() []byte {
	b := []byte("\x7fELF")
	for range 1000 {
		b = append(b, 0xe8)
		b = binary.LittleEndian.AppendUint32(b, uint32(0x10000-len(b)-4))
	}
	return b
}

// compressed returns data compressed by a library.
func compressed(t testing.TB, how string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch how {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	case "lz4":
		w = lz4.NewWriter(&b)
	case "lz4 legacy":
		l := lz4.NewWriter(&b)
		err = l.Apply(lz4.LegacyOption(true))
		w = l
	case "none":
		return data
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func testFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bootImage returns a boot image for x86 with a payload, which is followed by
// its length when it is not compressed, as in all but gzip.
func bootImage(payload []byte) []byte {
	b := make([]byte, 2*bootSector)
	b[bootSectors] = 1
	copy(b[bootMagic:], "HdrS")
	le := binary.LittleEndian
	le.PutUint16(b[bootProtocol:], 0x20f)
	le.PutUint32(b[bootPayload:], 16)
	le.PutUint32(b[bootPayloadLen:], uint32(len(payload)+4))
	b = append(b, "sixteen bytes...This is not it"[:16]...)
	b = append(b, payload...)
	b = le.AppendUint32(b, 5004)
	return append(b, "more code"...)
}

func zbootImage(payload []byte) []byte {
	b := append([]byte("MZ\x00\x00zimg"), make([]byte, 56)...)
	binary.LittleEndian.PutUint32(b[8:], uint32(len(b)))
	binary.LittleEndian.PutUint32(b[12:], uint32(len(payload)))
	b = append(b, payload...)
	return append(b, "more code"...)
}

// open writes a file and opens it. Its name says nothing.
func open(t testing.TB, data []byte) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err == nil {
		t.Cleanup(func() { f.Close() })
	}
	return f, err
}

func TestOpen(t *testing.T) {
	tests := []struct {
		name   string
		file   []byte
		within string
	}{
		{"plain", calls(), ""},
		{"gzip", compressed(t, "gzip", calls()), "in gzip: "},
		{"bzip2", testFile(t, "calls.bz2"), "in bzip2: "},
		{"xz", testFile(t, "calls.xz"), "in xz: "},
		{"zstd", compressed(t, "zstd", calls()), "in zstd: "},
		{"lz4", compressed(t, "lz4", calls()), "in lz4: "},
		{"lz4 legacy", compressed(t, "lz4 legacy", calls()), "in lz4: "},
		{"kernel gzip", bootImage(compressed(t, "gzip", calls())), "in bzImage, gzip: "},
		{"kernel bzip2", bootImage(testFile(t, "calls.bz2")), "in bzImage, bzip2: "},
		{"kernel xz", bootImage(testFile(t, "calls.xz")), "in bzImage, xz: "},
		{"kernel zstd", bootImage(compressed(t, "zstd", calls())), "in bzImage, zstd: "},
		{"kernel lz4", bootImage(compressed(t, "lz4 legacy", calls())), "in bzImage, lz4: "},
		{"zboot", zbootImage(compressed(t, "zstd", calls())), "in EFI zboot image, zstd: "},
		{"compressed kernel", compressed(t, "zstd", bootImage(compressed(t, "gzip", calls()))), "in zstd, bzImage, gzip: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := open(t, tt.file)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(calls()))
			if _, err := f.ReadAt(got, 0); err != nil || !bytes.Equal(got, calls()) {
				t.Errorf("%d bytes are not the %d expected, error %v", len(got), len(calls()), err)
			}
			if !f.IsELF() {
				t.Errorf("Head = %.8x", f.Head)
			}
			if err := f.Within(io.EOF).Error(); err != tt.within+"EOF" {
				t.Errorf("Within(EOF) = %q", err)
			}
		})
	}
}

func TestOpenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		w.Write(compressed(t, "gzip", calls()))
		w.Close()
	}()
	f, err := Open("/proc/self/fd/" + strconv.Itoa(int(r.Fd())))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f.Reader()); err != nil || !bytes.Equal(got, calls()) {
		t.Errorf("%d bytes are not the %d expected, error %v", len(got), len(calls()), err)
	}
}

func TestOpenErrors(t *testing.T) {
	nested := calls()
	for range maxDepth + 1 {
		nested = compressed(t, "gzip", nested)
	}
	edit := func(b []byte, at int, value byte) []byte { b[at] = value; return b }
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"cut at once", compressed(t, "gzip", calls())[:5], "in gzip: unexpected EOF"},
		{"lzma", []byte("\x5d\x00\x00\x80\x00"), "in lzma: compressed in a way that is not supported"},
		{"kernel lzo", bootImage([]byte("\x89LZO\x00")), "in bzImage, lzo: compressed in a way"},
		{"cut kernel", bootImage(calls())[:3000], "bzImage: payload at 1040 has 5008 bytes, the file ends at 3000"},
		{"old kernel", edit(bootImage(calls()), bootProtocol, 4), "bzImage: offset 0x206: boot protocol 2.04, want at least 2.08"},
		{"cut zboot", zbootImage(calls())[:100], "EFI zboot image: payload at 64 has 5004 bytes, the file ends at 100"},
		{"too deep", nested, "more than 4 wrappings"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := open(t, tt.file)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open() = %v, want %q in it", err, tt.want)
			}
		})
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a directory was opened")
	}
}

// FuzzOpen opens whatever is taken for a file, and reads to its end.
func FuzzOpen(f *testing.F) {
	for _, how := range []string{"none", "gzip", "zstd", "lz4", "lz4 legacy"} {
		f.Add(compressed(f, how, calls()))
		f.Add(bootImage(compressed(f, how, calls())))
	}
	f.Add(testFile(f, "calls.xz"))
	f.Add(testFile(f, "calls.bz2"))
	f.Add(zbootImage(testFile(f, "calls.xz")))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &File{ReaderAt: bytes.NewReader(data)}
		if in.unwrap(int64(len(data))) != nil {
			return
		}
		n, err := io.Copy(io.Discard, io.LimitReader(in.Reader(), 16<<20))
		if n < int64(len(in.Head)) {
			t.Errorf("%d bytes, error %v; the first %d could be read", n, err, len(in.Head))
		}
	})
}
