package load

import (
	"errors"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/bpf"
)

// How long logs may be, in bytes: at first, and at most. The kernel takes no longer ones.
const (
	firstLog = 1 << 16
	maxLog   = 1<<30 - 1
)

// loadLogged loads a program with a log that is long enough for what the verifier says.
func (l *loader) loadLogged(p *Program, s *bpf.ProgSpec, level uint32) (bpf.FD, error) {
	s.LogLevel = level
	var fd bpf.FD
	text, err := withLog(func(log []byte) (needed uint32, err error) {
		fd, needed, err = bpf.LoadProg(s, log)
		return needed, err
	})
	if l.options.Log != nil && (err == nil || text != "") {
		l.options.Log(p, text, err)
	}
	if err == nil {
		return fd, nil
	}
	return 0, l.refusal(p, s, err, text)
}

// withLog has something done with a log, again with a longer one until nothing of it is cut off.
// needed is how long it wants to be, or 0 where that is not known (before Linux 6.4).
func withLog(do func(log []byte) (needed uint32, err error)) (text string, err error) {
	for size := firstLog; ; {
		log := make([]byte, size)
		needed, err := do(log)
		text := cString(log)
		if err == nil || !isCut(len(text), size, int(needed), err) || size == maxLog {
			return text, err
		}
		size = min(max(4*size, int(needed)+1), maxLog)
	}
}

// isCut reports whether a log is not all that the kernel had to say: it says so, or there is no
// room left. With [unix.EFAULT] it may not even have written what there was room for.
func isCut(length, size, needed int, err error) bool {
	return errors.Is(err, unix.ENOSPC) || needed > size || length >= size-1 || errors.Is(err, unix.EFAULT) && length > size/2
}
