// Package kconfig reads the options that the running kernel was built with.
package kconfig

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Enabled reports whether the running kernel was built with an option, such as
// "CONFIG_X86_KERNEL_IBT", as part of the kernel itself.
//
// The error wraps [os.ErrNotExist] if the kernel keeps its options to itself.
func Enabled(option string) (bool, error) {
	f, err := open()
	if err != nil {
		return false, err
	}
	defer f.Close()
	return enabled(f, option)
}

// open opens the file of options. The distribution's comes first: the kernel's
// own has the same contents, but must be unpacked by the kernel.
func open() (*os.File, error) {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return nil, err
	}
	f, err := os.Open("/boot/config-" + unix.ByteSliceToString(uts.Release[:]))
	if errors.Is(err, os.ErrNotExist) {
		return os.Open("/proc/config.gz")
	}
	return f, err
}

// enabled looks for the option in r, which may be compressed by gzip.
func enabled(r io.Reader, option string) (bool, error) {
	in := bufio.NewReader(r)
	if magic, err := in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return false, err
		}
		in = bufio.NewReader(z)
	}
	for lines := bufio.NewScanner(in); ; {
		if !lines.Scan() {
			return false, lines.Err()
		}
		if value, ok := strings.CutPrefix(lines.Text(), option+"="); ok {
			return value == "y", nil
		}
	}
}
