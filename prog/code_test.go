package prog

import (
	"errors"
	"strings"
	"testing"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/render"
)

// TestNotShown says in a sentence why code cannot be seen.
func TestNotShown(t *testing.T) {
	tests := []struct {
		name string
		info bpf.ProgInfo
		on   string
		want string
	}{
		{"addresses may not be seen", bpf.ProgInfo{JitedLen: 10, XlatedLen: 8}, "1", "kernel.kptr_restrict, and CAP_SYSLOG"},
		{"no rights", bpf.ProgInfo{}, "1", "those with CAP_BPF"},
		{"the compiler is off", bpf.ProgInfo{XlatedLen: 8}, "0", "net.core.bpf_jit_enable is 0"},
		{"the compiler is on again", bpf.ProgInfo{XlatedLen: 8}, "1", "was off when it was loaded, or could not compile it"},
		{"nobody tells", bpf.ProgInfo{XlatedLen: 8}, "", "was off when it was loaded, or could not compile it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := whyNotJited(&tt.info, tt.on); !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	c := &code{ProgCode: &bpf.ProgCode{}}
	for name, read := range map[string]func() ([]byte, error){"xlated": c.xlated, "jited": c.jited} {
		var hinted render.Hinted
		if b, err := read(); b != nil || !errors.As(err, &hinted) || hinted.Hint == "" {
			t.Errorf("%s: %x, %v", name, b, err)
		}
	}
}
