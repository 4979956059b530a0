package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNewVM(t *testing.T) {
	dir, tmp := t.TempDir(), t.TempDir()
	for _, path := range []string{
		"bookworm/boot/vmlinuz-6.1.0-1", "bookworm/boot/config-6.1.0-1",
		"sid/usr/lib/modules/7.3.4+sid/vmlinuz", "sid/usr/lib/modules/7.3.4+sid/config",
		"bare/boot/vmlinuz-5.10",
	} {
		write(t, filepath.Join(dir, path), "")
	}
	write(t, filepath.Join(tmp, "root/usr/lib/x86_64-linux-gnu/ld-linux.so.2"), "")
	tl := &tools{reference: filepath.Join(tmp, "bpftool"), tmp: tmp}
	for _, tt := range []struct{ image, release, root, config string }{
		{"bookworm/boot/vmlinuz-6.1.0-1", "6.1.0-1", "bookworm", "bookworm/boot/config-6.1.0-1"},
		{"sid/usr/lib/modules/7.3.4+sid/vmlinuz", "7.3.4+sid", "sid", "sid/usr/lib/modules/7.3.4+sid/config"},
		{"bare/boot/vmlinuz-5.10", "5.10", "bare", ""},
	} {
		v, err := tl.newVM(dir, filepath.Join(dir, tt.image))
		if err != nil {
			t.Fatal(err)
		}
		if v.release != tt.release {
			t.Errorf("%s: release %q, want %q", tt.image, v.release, tt.release)
		}
		if want := filepath.Join(dir, tt.root) + ":" + guestModules; !slices.Contains(v.args, want) {
			t.Errorf("%s: no %q in %q", tt.image, want, v.args)
		}
		at := slices.IndexFunc(v.args, func(arg string) bool { return strings.HasSuffix(arg, ":/boot/config-"+tt.release) })
		if (at >= 0) != (tt.config != "") || at >= 0 && !strings.HasPrefix(v.args[at], filepath.Join(dir, tt.config)+":") {
			t.Errorf("%s: want the configuration %q in %q", tt.image, tt.config, v.args)
		}
	}
	if images, err := findImages(dir); err != nil || len(images) != 3 {
		t.Errorf("findImages() = %q, %v", images, err)
	}
}

func TestPick(t *testing.T) {
	files := make([]*file, 4*mostObjects)
	for i := range files {
		files[i] = &file{}
	}
	for _, tt := range []struct {
		name string
		here int
	}{{selftests, len(files)}, {committed, len(files)}, {"owner/name", mostObjects}} {
		g := &group{name: tt.name, files: files}
		here, there := pickHere(g), pickInGuests(g)
		if len(here) != tt.here || len(there) != mostInGuests {
			t.Errorf("%s: %d here and %d in guests, want %d and %d", tt.name, len(here), len(there), tt.here, mostInGuests)
		}
		for _, f := range there {
			if !slices.Contains(here, f) {
				t.Errorf("%s: in guests is what is not loaded here", tt.name)
			}
		}
	}
}
