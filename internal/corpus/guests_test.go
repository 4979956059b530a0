package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadLoading(t *testing.T) {
	tests := []struct {
		name, status, log, says string
		want                    end
		refused                 string
	}{
		{"loads", "0\n", "", "yes", fitsLoads, ""},
		{"loads all the same", "0\n", "", "no", falseMisfit, ""},
		{"the verifier", "255\n", "R1 invalid mem access\nlibbpf: prog 'a': failed to load: -EACCES\nlibbpf: failed to load object 'x'\n", "yes", fitsRefused, "libbpf: prog 'a': failed to load: -EACCES"},
		{"a relocation", "255\n", "failed to resolve CO-RE relocation <byte_off> [5] struct a.b (0:1 @ offset 8)\nlibbpf: prog 'a': failed to load: -EINVAL\n", "no", misfitTypes, "libbpf: prog 'a': failed to load: -EINVAL"},
		{"a relocation that should not fail", "255\n", "<invalid CO-RE relocation>\nlibbpf: prog 'a': failed to load: -EINVAL\n", "yes", falseFit, "libbpf: prog 'a': failed to load: -EINVAL"},
		{"a kernel function", "255\n", "libbpf: extern (func ksym) 'f': not found in kernel or module BTFs\n", "no", misfitTypes, "libbpf: extern (func ksym) 'f': not found in kernel or module BTFs"},
		{"an attach target", "255\n", "libbpf: prog 'a': failed to find kernel BTF type ID of 'f': -ESRCH\n", "yes", falseFit, "libbpf: prog 'a': failed to find kernel BTF type ID of 'f': -ESRCH"},
		{"as old kernels say it", "255\n", "invalid func unknown#195896080\n", "yes", falseFit, "invalid func unknown#195896080"},
		{"a map comes first", "255\n", "libbpf: map 'm': failed to create: -EINVAL\nlibbpf: failed to load object 'x'\n", "no", misfitOther, "libbpf: map 'm': failed to create: -EINVAL"},
		{"never done", "124\n", "", "yes", fitsRefused, "not done in two minutes"},
		{"not known", "255\n", "", "unknown", notKnown, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "000")
			for suffix, text := range map[string]string{".status": tt.status, ".log": tt.log} {
				if err := os.WriteFile(path+suffix, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			l, err := readLoading(path)
			if err != nil {
				t.Fatal(err)
			}
			if l.says = tt.says; l.end() != tt.want || l.refused != tt.refused {
				t.Errorf("%q, %q; want %q, %q", endTitles[l.end()], l.refused, endTitles[tt.want], tt.refused)
			}
		})
	}
}

func TestGuestReport(t *testing.T) {
	r := guestReport{reference: "bpftool v7.8.0", guests: []*guest{
		{"5.10", []*loading{{object: "a/b: x.o", says: "yes", status: "0"}, {object: "a/b: y.o", says: "yes", status: "255", refused: "libbpf: map 'm': failed"}}},
		{"6.1", []*loading{{object: "a/b: x.o", says: "no", why: "t.f: gone", status: "255", types: true}, {object: "a/b: y.o", says: "yes", status: "255", types: true}}},
	}}
	var b strings.Builder
	if err := r.write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| 5.10 | 2 | 1 | 1 | 0 | 0 | 0 | 0 | 0 |\n| 6.1 | 2 | 0 | 0 | 1 | 0 | 1 | 0 | 0 |\n",
		"## False fit\n\n- a/b: y.o: ; ",
		"## Does not fit, refused for types\n\n- a/b: x.o: t.f: gone (6.1)\n",
		"## Fits, refused for other reasons\n\n- map X: failed (5.10: 1)\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if n := r.wrong(); n != 1 {
		t.Errorf("wrong %d times, want 1", n)
	}
}
