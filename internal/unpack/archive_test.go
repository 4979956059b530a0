package unpack

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed is an archive with files of some names, which are what they say, and whatever
// more.
func packed(t testing.TB, format tar.Format, more []*tar.Header, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, n := range names {
		more = append(more, &tar.Header{Name: n, Size: int64(len(n)), Typeflag: tar.TypeReg, Mode: 0o644})
	}
	for _, h := range more {
		h.Format = format
		err := w.WriteHeader(h)
		if err == nil && h.Typeflag == tar.TypeReg {
			_, err = w.Write([]byte(h.Name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entries reads an archive: the names, and the error that ended it.
func entries(f *File) (names []string, err error) {
	for e, err := range f.Entries() {
		if err != nil {
			return names, err
		}
		b, err := io.ReadAll(e)
		if err != nil {
			return names, err
		}
		if int64(len(b)) != e.Size {
			return names, errors.New("another size")
		}
		names = append(names, e.Name)
	}
	return names, nil
}

func TestEntries(t *testing.T) {
	long := strings.Repeat("d/", 150) + "name"
	others := []*tar.Header{
		{Name: "dir/", Typeflag: tar.TypeDir},
		{Name: "link", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink},
		{Name: "device", Typeflag: tar.TypeBlock},
	}
	tests := []struct {
		name string
		data []byte
		want []string
	}{
		{"one file", packed(t, tar.FormatUSTAR, nil, "a"), []string{"a"}},
		{"what is no file", packed(t, tar.FormatGNU, others, "b", "c"), []string{"b", "c"}},
		{"names that lead elsewhere", packed(t, tar.FormatUSTAR, nil, "../../a", "/b"), []string{"../../a", "/b"}},
		{"a long name of GNU", packed(t, tar.FormatGNU, nil, long), []string{long}},
		{"a long name of POSIX", packed(t, tar.FormatPAX, nil, long), []string{long}},
		{"compressed", compressed(t, "gzip", packed(t, tar.FormatGNU, nil, "a", "b")), []string{"a", "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Content(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if !f.IsArchive() {
				t.Fatal("no archive")
			}
			got, err := entries(f)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("Entries(): %v (-want +got):\n%s", err, diff)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEntriesErrors(t *testing.T) {
	good := packed(t, tar.FormatGNU, nil, "a", "b")
	broken := bytes.Clone(good)
	broken[1024+10] ^= 1
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"cut in a header", good[:1024+100], "entry 2: the archive ends too soon"},
		{"a wrong sum", broken, "entry 2: archive/tar: invalid tar header"},
		{"compressed and cut", compressed(t, "gzip", good[:1024+100]), "in gzip: entry 2: the archive ends too soon"},
		{"too many", packed(t, tar.FormatGNU, make65537(), "a"), "entry 65537: more than 65536 entries"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Content(tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := entries(f); err == nil || err.Error() != tt.want {
				t.Errorf("Entries() = %v, want %q", err, tt.want)
			}
		})
	}
}

// make65537 returns more directories than an archive may have entries.
func make65537() []*tar.Header {
	list := make([]*tar.Header, MaxEntries)
	for i := range list {
		list[i] = &tar.Header{Name: "d/", Typeflag: tar.TypeDir}
	}
	return list
}

// TestArchiveMayBeLong has an archive that is longer than what is read at any place.
func TestArchiveMayBeLong(t *testing.T) {
	f, err := Content(compressed(t, "gzip", packed(t, tar.FormatGNU, nil, "a")))
	if err != nil {
		t.Fatal(err)
	}
	if s := f.ReaderAt.(*stream); s.max != MaxArchive {
		t.Errorf("at most %d bytes", s.max)
	}
	f, err = Content(compressed(t, "gzip", make([]byte, 1024)))
	if err != nil {
		t.Fatal(err)
	}
	if s := f.ReaderAt.(*stream); s.max != Max || f.IsArchive() {
		t.Errorf("at most %d bytes", s.max)
	}
}

func FuzzEntries(f *testing.F) {
	f.Add(packed(f, tar.FormatGNU, nil, "a", "b"))
	f.Add(packed(f, tar.FormatPAX, nil, strings.Repeat("d/", 150)+"a"))
	f.Add(packed(f, tar.FormatUSTAR, []*tar.Header{{Name: "dir/", Typeflag: tar.TypeDir}}, "../a"))
	f.Add(compressed(f, "gzip", packed(f, tar.FormatUSTAR, nil, "a")))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Content(data)
		if err != nil {
			return
		}
		n := 0
		for e, err := range file.Entries() {
			if err != nil {
				break
			}
			io.Copy(io.Discard, io.LimitReader(e, 1<<20))
			if n++; n > 1000 {
				break
			}
		}
	})
}
