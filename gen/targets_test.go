package gen

import (
	"fmt"
	"testing"

	bpf2go "github.com/cilium/ebpf/cmd/bpf2go/gen"
)

// TestTargets compares with the targets of bpf2go.
func TestTargets(t *testing.T) {
	words := append(targetWords(), "bpf", "bpfel", "bpfeb", "native", "mips64", "mips64le", "mipsle", "wasm", "", "sparc", "386,amd64")
	for arch := range bpf2go.TargetsByGoArch() {
		words = append(words, string(arch))
	}
	for _, word := range words {
		theirs, arches, theirErr := bpf2go.FindTarget(word)
		ours, err := findTarget(word)
		if (err != nil) != (theirErr != nil) {
			t.Errorf("%s: %v, and with bpf2go %v", word, err, theirErr)
		}
		if err != nil || theirErr != nil {
			continue
		}
		if ours.suffix() != theirs.Suffix() || fmt.Sprint(ours.arches) != fmt.Sprint(arches) || ours.obsolete() != theirs.ObsoleteSuffix() {
			t.Errorf("%s: %+v, want %v %v %v", word, ours, theirs.Suffix(), arches, theirs.ObsoleteSuffix())
		}
	}
}

func TestSplitQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"": "[]", " ": "[]", "a  b": `["a" "b"]`, `'a b' c`: `["a b" "c"]`, `a"b c"d`: `["ab cd"]`, `-DX=\"y\"`: `["-DX=\"y\""]`, `''`: `[""]`, `a\ b`: `["a b"]`,
	} {
		if got, err := splitQuoted(text); err != nil || fmt.Sprintf("%q", got) != want {
			t.Errorf("%s: %q, %v, want %s", text, got, err, want)
		}
	}
}
