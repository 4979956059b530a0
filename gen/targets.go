package gen

import (
	"encoding/binary"
	"runtime"
	"slices"

	"github.com/gobpftool/gobpftool/internal/args"
)

// A target is what C is compiled for.
type target struct {
	word   string   // as it was said
	clang  string   // for its -target
	linux  string   // X of __TARGET_ARCH_X, or "" if the object is for all of the byte order
	arches []string // GOARCH of programs with the object, in order; none if all take it
}

// processors are those that Go knows on Linux, and wasm, for which tests are run, with the words of clang and of <bpf/bpf_tracing.h>,
// which does not know all of them.
var processors = []struct{ arch, clang, linux string }{
	{"386", "bpfel", "x86"},
	{"amd64", "bpfel", "x86"},
	{"arm", "bpfel", "arm"},
	{"arm64", "bpfel", "arm64"},
	{"loong64", "bpfel", "loongarch"},
	{"mips", "bpfeb", "mips"},
	{"mips64", "bpfeb", ""},
	{"mips64le", "bpfel", ""},
	{"mipsle", "bpfel", ""},
	{"ppc64", "bpfeb", "powerpc"},
	{"ppc64le", "bpfel", "powerpc"},
	{"riscv64", "bpfel", "riscv"},
	{"s390x", "bpfeb", "s390"},
	{"wasm", "bpfel", ""},
}

// findTarget returns the target of a word.
func findTarget(word string) (target, error) {
	t := target{word: word}
	arch := word
	switch word {
	case "bpf", "bpfel", "bpfeb":
		t.clang = word
	case "native":
		arch = runtime.GOARCH
	}
	for _, p := range processors {
		if p.arch == arch && p.linux != "" {
			t.clang, t.linux = p.clang, p.linux
		}
	}
	for _, p := range processors {
		if p.clang == t.clang && (t.linux == "" || p.linux == t.linux) {
			t.arches = append(t.arches, p.arch)
		}
	}
	if t.clang == "" {
		return t, args.Errorf("-target is some of bpf, bpfel, bpfeb, native, %v, got: '%s'?", targetWords(), word)
	}
	return t, nil
}

// order is the word of clang for the byte order of t.
func (t *target) order() string {
	switch {
	case t.clang != "bpf":
		return t.clang
	case binary.NativeEndian.Uint16([]byte{1, 0}) == 1:
		return "bpfel"
	}
	return "bpfeb"
}

// fits reports whether an object of a byte order is one for t.
func (t *target) fits(order binary.ByteOrder) bool {
	return (t.order() == "bpfel") == (order == binary.LittleEndian)
}

// suffix is what the names of files have of t. It ends in no word that Go takes for a processor.
func (t *target) suffix() string {
	if t.linux == "" {
		return t.clang
	}
	return t.linux + "_" + t.clang
}

// obsolete is what old versions of bpf2go had instead, which Go takes for that of a processor, or "".
func (t *target) obsolete() string {
	if t.linux == "" {
		return ""
	}
	return t.clang + "_" + t.linux
}

// targetWords are the processors for which objects can be.
func targetWords() (list []string) {
	for _, p := range processors {
		if p.linux != "" {
			list = append(list, p.arch)
		}
	}
	slices.Sort(list)
	return list
}
