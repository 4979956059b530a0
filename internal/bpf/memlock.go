package bpf

import (
	"errors"

	"golang.org/x/sys/unix"
)

// CountsMemlock reports whether the kernel counts maps and programs as locked memory: that of the
// mainline does before Linux 5.11. Vendors brought the end of that to older kernels, so it
// may be that it does not.
func CountsMemlock() bool { return !kernelAtLeast(5, 11) }

// unlimited issues a command that makes a map or a program, and once more without the limit of
// locked memory if it may be that which the kernel refused it for. Types are not counted.
func unlimited(command func() (int, error)) (int, error) {
	fd, err := command()
	if errors.Is(err, unix.EPERM) && CountsMemlock() && raiseMemlock() {
		return command()
	}
	return fd, err
}

// raiseMemlock takes away the limit of locked memory, or raises it as far as this process
// may. It reports whether that changed it.
func raiseMemlock() bool {
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_MEMLOCK, &old); err != nil || old.Cur == unix.RLIM_INFINITY {
		return false
	}
	infinite := unix.Rlimit{Cur: unix.RLIM_INFINITY, Max: unix.RLIM_INFINITY}
	if unix.Setrlimit(unix.RLIMIT_MEMLOCK, &infinite) == nil {
		return true
	}
	return old.Cur < old.Max && unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{Cur: old.Max, Max: old.Max}) == nil
}
