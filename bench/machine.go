package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// countDescriptors returns how many file descriptors are open in all processes
// together. Processes that end meanwhile do not count.
func countDescriptors() (int, error) {
	procs, err := filepath.Glob("/proc/[0-9]*/fd")
	if err != nil {
		return 0, err
	}
	n := 0
	for _, dir := range procs {
		fds, err := os.ReadDir(dir)
		if err == nil {
			n += len(fds)
		}
	}
	if n == 0 {
		return 0, fmt.Errorf("descriptors in /proc: none found")
	}
	return n, nil
}

// kernel returns release and architecture of the running kernel.
func kernel() string {
	var u syscall.Utsname
	if err := syscall.Uname(&u); err != nil {
		return "unknown kernel"
	}
	release := make([]byte, 0, len(u.Release))
	for _, c := range u.Release {
		if c == 0 {
			break
		}
		release = append(release, byte(c))
	}
	return fmt.Sprintf("Linux %s, %s", release, runtime.GOARCH)
}
