package names

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Strerror spells an error number as strerror(3) of the GNU C library does,
// which is what users of bpftool search for.
func Strerror(e unix.Errno) string {
	switch s := e.Error(); {
	case e == unix.EHWPOISON:
		return "Memory page has hardware error"
	case strings.HasPrefix(s, "errno "):
		return "Unknown error " + strconv.Itoa(int(e))
	default: // Go has the same words without the capital
		return strings.ToUpper(s[:1]) + s[1:]
	}
}

// Reason spells the error number within err, or err itself if it has none.
func Reason(err error) string {
	var e unix.Errno
	if errors.As(err, &e) {
		return Strerror(e)
	}
	return err.Error()
}
