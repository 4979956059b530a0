package load

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// TestWithLog has kernels of several ages write a log, which must come whole.
func TestWithLog(t *testing.T) {
	whole := strings.Repeat("0: (b7) r0 = 0\n", 40_000) // 600 kB
	// write puts what fits into a log, with a zero byte behind it.
	write := func(log []byte, text string) bool {
		n := copy(log[:len(log)-1], text)
		return n == len(text)
	}
	tests := []struct {
		name string
		do   func(log []byte) (uint32, error)
		want error
	}{
		{"a kernel that tells how much it needs", func(log []byte) (uint32, error) {
			if !write(log, whole) {
				return uint32(len(whole) + 1), bpf.Errno(unix.ENOSPC)
			}
			return uint32(len(whole) + 1), bpf.Errno(unix.EACCES)
		}, unix.EACCES},
		{"one that does not", func(log []byte) (uint32, error) {
			if !write(log, whole) {
				return 0, bpf.Errno(unix.ENOSPC)
			}
			return 0, bpf.Errno(unix.EINVAL)
		}, unix.EINVAL},
		{"one that hides it behind the reason", func(log []byte) (uint32, error) {
			write(log, whole)
			return 0, bpf.Errno(unix.EINVAL)
		}, unix.EINVAL},
		{"one that has a bug", func(log []byte) (uint32, error) {
			if len(log) < len(whole) {
				write(log[:len(log)*3/4], whole)
				return 0, bpf.Errno(unix.EFAULT)
			}
			write(log, whole)
			return 0, bpf.Errno(unix.EFAULT)
		}, unix.EFAULT},
		{"a program that is right", func(log []byte) (uint32, error) {
			if !write(log, whole) {
				return 0, bpf.Errno(unix.ENOSPC)
			}
			return 0, nil
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, err := withLog(tt.do)
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			if text != whole {
				t.Errorf("%d bytes, want %d", len(text), len(whole))
			}
		})
	}
}
