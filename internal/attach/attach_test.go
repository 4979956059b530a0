package attach

import (
	"os"
	"testing"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

// TestHits attaches programs, and counts how often they run.
func TestHits(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	path := findTarget(t, "")
	tests := []struct {
		object, name string
		provoke      func(t *testing.T)
		want         uint64 // or more, if it is 0
	}{
		{"user", "one", nil, 3},
		{"user", "later", nil, 3},
		{"user", "two", nil, 3},
		{"user", "hidden", nil, 3},
		{"user", "asleep", nil, 3},
		{"user", "tp", getParent, 0},
		{"user", "exits", getParent, 0},
		{"user", "raw_tp", getParent, 0},
		{"user", "writable", getParent, 0},
		{"user", "tp_btf", getParent, 0},
		{"multi", "many", nil, 15},
		{"multi", "ends", nil, 3},
		{"multi", "asleep", nil, 3},
		{"multi", "session", nil, 6},
	}
	for _, tt := range tests {
		t.Run(tt.object+"/"+tt.name, func(t *testing.T) {
			l := load(t, tt.object, tt.name)
			l.mustAttach(t, tt.name)
			if tt.provoke == nil {
				run(t, path)
			} else {
				tt.provoke(t)
			}
			if got := l.hits(t, tt.name); got != tt.want && (tt.want != 0 || got == 0) {
				t.Errorf("ran %d times, want %d", got, tt.want)
			}
		})
	}
}

func getParent(*testing.T) { os.Getppid() }
