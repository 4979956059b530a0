// Package kconfig reads how the running kernel was configured.
package kconfig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/unpack"
)

// Paths returns where the configuration of the running kernel may be, in the order of the
// search: what distributions install, and what the kernel itself has.
func Paths() []string {
	return []string{"/boot/config-" + release(), "/proc/config.gz"}
}

// release is what uname(1) -r prints.
func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil { // which cannot be
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

// Read returns the options that are set and their values, as they are written: y, m, a number, or
// a text in quotes.
//
// The error wraps [os.ErrNotExist] if no configuration is to be had.
func Read() (map[string]string, error) {
	for _, path := range Paths() {
		f, err := unpack.Open(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("configuration of the kernel: %w", err)
		}
		defer f.Close()
		options, err := Parse(io.LimitReader(f.Reader(), maxLen))
		if err != nil {
			return nil, fmt.Errorf("configuration of the kernel: %s: %w", path, err)
		}
		return options, nil
	}
	return nil, fmt.Errorf("configuration of the kernel: %w: neither %s", os.ErrNotExist, strings.Join(Paths(), " nor "))
}

// maxLen is how long a configuration may be, in bytes. Those of distributions have 300 KB.
const maxLen = 16 << 20

// Parse reads a configuration.
func Parse(r io.Reader) (map[string]string, error) {
	options := make(map[string]string)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), "=")
		if ok && strings.HasPrefix(name, "CONFIG_") {
			options[name] = value
		}
	}
	return options, lines.Err()
}
