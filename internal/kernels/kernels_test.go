package kernels

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/fixture"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/unpack"
)

func TestRelease(t *testing.T) {
	tests := []struct{ file, want string }{
		{"5.10.0-46.btf", "5.10.0-46"},
		{"5.10.0-46.btf.xz", "5.10.0-46"},
		{"5.4.0-1009-aws.btf.tar.xz", "5.4.0-1009-aws"},
		{"all.tgz", "all"},
		{"vmlinuz-6.1.0-56-amd64", "6.1.0-56-amd64"},
		{"vmlinux-6.1.gz", "6.1"},
		{"vmlinux", "vmlinux"},
		{".btf", ".btf"},
		{"bzImage", "bzImage"},
		{"btrfs.btf.zst", "btrfs"},
	}
	for _, tt := range tests {
		if got := release(tt.file); got != tt.want {
			t.Errorf("release(%q) = %q, want %q", tt.file, got, tt.want)
		}
	}
}

func TestIsKernel(t *testing.T) {
	for _, name := range []string{"a.btf", "a.btf.gz", "vmlinux", "vmlinuz-6.1", "bzImage", "Image.gz", "vmlinux-6.1.zst"} {
		if !isKernel(name) {
			t.Errorf("%s is none", name)
		}
	}
	for _, name := range []string{"vmlinux.h", "a.btf.tar.xz", "System.map-6.1", "initrd.img-6.1", "btf", "a.btf.sig", "vmlinux.o"} {
		if isKernel(name) {
			t.Errorf("%s is one", name)
		}
	}
}

func TestCompare(t *testing.T) {
	want := []string{
		"", "4.18.0-80.el8", "4.18.0-305.el8", "5.4", "5.4.0-9-aws", "5.4.0-10-aws", "5.4.0-010-aws", "5.10.0", "6.1-rc2", "6.1-rc10", "6.12",
		"18446744073709551615", "18446744073709551616", "centos/8", "ubuntu/18.04/5.4", "ubuntu/20.04/4.1",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Compare)
	// What differs in zeros alone is in the order of its bytes.
	i, j := slices.Index(want, "5.4.0-10-aws"), slices.Index(want, "5.4.0-010-aws")
	want[i], want[j] = want[j], want[i]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in order (-want +got):\n%s", diff)
	}
}

// vmlinux is a kernel with two types.
func vmlinux(t testing.TB) []byte {
	return fixture.BTF(t, "[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n[2] STRUCT 'task' size=4 vlen=1\n\t'pid' type_id=1 bits_offset=0\n", nil)
}

// module is types of a module of that kernel.
func module(t testing.TB) []byte {
	return fixture.BTF(t, "[3] TYPEDEF 'mine' type_id=2\n", vmlinux(t))
}

// A content is a file in an archive.
type content struct {
	name string
	data []byte
}

func tarred(t testing.TB, files ...content) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.data)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tree writes files below a directory.
func tree(t testing.TB, files ...content) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		p := filepath.Join(root, f.name)
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// read reads all kernels below paths: a line for each, with what was read of it.
func read(root string, paths ...string) (lines []string) {
	for i := range paths {
		paths[i] = filepath.Join(root, paths[i])
	}
	for _, f := range Find(paths) {
		for k := range f.Kernels {
			line := k.Name + " = " + strings.TrimPrefix(k.File, root+"/") + ":"
			types, err := k.Read()
			if err != nil {
				lines = append(lines, line+" "+names.Reason(err))
				continue
			}
			if _, ok := types.Named("task"); ok {
				line += " read"
			}
			for _, m := range types.Modules {
				if id, ok := m.Spec.Named("mine"); ok && id == 3 {
					line += " with " + m.Name
				}
			}
			for _, err := range types.Unread {
				line += " without " + err.Error()
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestKernels(t *testing.T) {
	kernel, mod := vmlinux(t), module(t)
	other := bytes.Clone(kernel)
	other[0], other[1] = other[1], other[0]
	root := tree(t,
		content{"plain/6.10.btf", kernel},
		content{"plain/6.2.btf.gz", gzipped(t, kernel)},
		content{"plain/vmlinuz-6.3", kernel},
		content{"plain/README", nil},
		content{"plain/below/vmlinux", kernel},
		content{"plain/modules/6.2/b.btf.gz", gzipped(t, mod)},
		content{"plain/modules/6.2/a.btf", mod},
		content{"plain/modules/6.2/bad.btf", kernel[:30]},
		content{"plain/modules/6.2/README", nil},
		content{"hub/20.04/x86_64/5.4.0-9-aws.btf.tar.gz", gzipped(t, tarred(t, content{"./5.4.0-9-aws.btf", kernel}))},
		content{"hub/20.04/x86_64/5.4.0-10-aws.btf.tar", tarred(t, content{"5.4.0-10-aws.btf", kernel})},
		content{"hub/several.tgz", gzipped(t, tarred(t, content{"x86_64/1.btf", kernel}, content{"../2.btf", kernel}, content{"README", nil}, content{"x/modules/1/a.btf", mod}))},
		content{"bad/cut.btf", kernel[:50]},
		content{"bad/swapped.btf", other},
		content{"bad/text.btf", []byte("this is not BTF, is it? No.")},
		content{"bad/cut.tar", tarred(t, content{"1.btf", kernel}, content{"2.btf", kernel})[:1024+300]},
		content{"bad/none.tar", tarred(t, content{"README", nil})},
		content{"empty/README", nil},
		content{"lib/modules/6.4/vmlinuz", kernel},
	)
	if err := os.Symlink("../plain/6.10.btf", filepath.Join(root, "empty/link.btf")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"a file", []string{"plain/6.10.btf"}, []string{"6.10 = plain/6.10.btf: read"}},
		{"modules", []string{"plain/6.2.btf.gz"}, []string{"6.2 = plain/6.2.btf.gz: read with a with b without module bad: offset 8: types end at 40 of 6"}},
		{"a directory", []string{"plain"}, []string{
			"6.2 = plain/6.2.btf.gz: read with a with b without module bad: offset 8: types end at 40 of 6",
			"6.3 = plain/vmlinuz-6.3: read",
			"6.10 = plain/6.10.btf: read",
			"below/vmlinux = plain/below/vmlinux: read",
		}},
		{"BTFHub", []string{"hub/20.04"}, []string{
			"x86_64/5.4.0-9-aws = hub/20.04/x86_64/5.4.0-9-aws.btf.tar.gz:./5.4.0-9-aws.btf: read",
			"x86_64/5.4.0-10-aws = hub/20.04/x86_64/5.4.0-10-aws.btf.tar:5.4.0-10-aws.btf: read",
		}},
		{"an archive", []string{"hub/several.tgz"}, []string{
			"x86_64/1 = hub/several.tgz:x86_64/1.btf: read",
			"2 = hub/several.tgz:../2.btf: read",
		}},
		{"an archive in a directory", []string{"hub"}, []string{
			"20.04/x86_64/5.4.0-9-aws = hub/20.04/x86_64/5.4.0-9-aws.btf.tar.gz:./5.4.0-9-aws.btf: read",
			"20.04/x86_64/5.4.0-10-aws = hub/20.04/x86_64/5.4.0-10-aws.btf.tar:5.4.0-10-aws.btf: read",
			"several/x86_64/1 = hub/several.tgz:x86_64/1.btf: read",
			"several/2 = hub/several.tgz:../2.btf: read",
		}},
		{"what cannot be read", []string{"bad"}, []string{
			"cut = bad/cut.btf: offset 8: types end at 40 of 26",
			"cut/1 = bad/cut.tar:1.btf: read",
			"cut = bad/cut.tar: entry 2: the archive ends too soon",
			"none = bad/none.tar: no kernel in the archive",
			"swapped = bad/swapped.btf: ",
			"text = bad/text.btf: neither ELF nor BTF",
		}},
		{"what is not there", []string{"nowhere", "plain/6.10.btf"}, []string{"nowhere = nowhere: No such file or directory", "6.10 = plain/6.10.btf: read"}},
		{"where distributions have it", []string{"lib"}, []string{"modules/6.4/vmlinuz = lib/modules/6.4/vmlinuz: read"}},
		{"what is named again", []string{"plain/6.10.btf", "plain", "plain/6.10.btf"}, []string{
			"6.10 = plain/6.10.btf: read",
			"6.2 = plain/6.2.btf.gz: read with a with b without module bad: offset 8: types end at 40 of 6",
			"6.3 = plain/vmlinuz-6.3: read",
			"below/vmlinux = plain/below/vmlinux: read",
		}},
		{"a link", []string{"empty"}, []string{"link = empty/link.btf: read"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(root, slices.Clone(tt.paths)...)
			ok := slices.EqualFunc(got, tt.want, strings.HasPrefix)
			if !ok {
				t.Errorf("(-want +got):\n%s", cmp.Diff(tt.want, got))
			}
		})
	}
	t.Run("nothing", func(t *testing.T) {
		if got := read(t.TempDir(), ""); len(got) != 1 || !strings.HasSuffix(got[0], "no kernel in the directory") {
			t.Errorf("%q", got)
		}
	})
}

// TestPipe has a directory with a pipe, to which nobody writes.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, "5.4.btf"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := read(dir, ""); len(got) != 1 || !strings.HasSuffix(got[0], "no kernel in the directory") {
		t.Errorf("%q", got)
	}
}

// TestLarge has a kernel in an archive that is too large to be kept.
func TestLarge(t *testing.T) {
	if _, err := keep(&unpack.Entry{Name: "1.btf", Size: maxEntry + 1}); err == nil || !strings.Contains(err.Error(), "of which at most") {
		t.Errorf("keep() = %v", err)
	}
}

// FuzzArchive reads what is taken for an archive of kernels.
func FuzzArchive(f *testing.F) {
	kernel := vmlinux(f)
	f.Add(tarred(f, content{"1.btf", kernel}, content{"a/2.btf.gz", gzipped(f, kernel)}))
	f.Add(gzipped(f, tarred(f, content{"vmlinux", kernel[:40]})))
	f.Fuzz(func(t *testing.T, data []byte) {
		u, err := unpack.Content(data)
		if err != nil {
			return
		}
		kernels := 0
		File{Name: "a", Path: "a.tar"}.unpack(u, func(k *Kernel) bool {
			kernels++
			if types, err := k.Read(); (types == nil) == (err == nil) {
				t.Errorf("%s: neither types nor an error, or both", k.File)
			}
			return kernels < 100
		})
		if kernels == 0 {
			t.Error("no kernel, and no error")
		}
	})
}
