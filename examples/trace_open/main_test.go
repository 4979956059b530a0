package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobpftool/gobpftool/internal/fixture"
)

func TestMain(m *testing.M) { fixture.Main(m) }

// TestTrace opens files that are not there, here and in another process, and looks for them
// in what is printed.
func TestTrace(t *testing.T) {
	fixture.Need(t, fixture.Root, fixture.BPF, fixture.Isolation)
	self := uint32(os.Getpid())
	for _, tt := range []struct {
		name string
		pid  uint32
		want []string // bases of paths
	}{
		{"all", 0, []string{"theirs", "ours", "last"}},
		{"one process", self, []string{"ours", "last"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
			defer stop()
			r, w := io.Pipe()
			done := make(chan error, 1)
			go func() {
				err := trace(ctx, tt.pid, w)
				w.Close()
				done <- err
			}()
			dir := t.TempDir()
			var got []string
			for lines := bufio.NewScanner(r); lines.Scan(); {
				fields := strings.Fields(lines.Text())
				path := fields[len(fields)-1]
				switch {
				case path == "PATH": // all is attached
					_ = exec.Command("cat", filepath.Join(dir, "theirs")).Run()
					_, _ = os.Open(filepath.Join(dir, "ours"))
					_, _ = os.Open(filepath.Join(dir, "last"))
				case filepath.Dir(path) == dir:
					got = append(got, filepath.Base(path))
				}
				if slices.Contains(got, "last") {
					stop()
				}
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("files %v, want %v", got, tt.want)
			}
		})
	}
}
