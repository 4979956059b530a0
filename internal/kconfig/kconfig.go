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
// search: what distributions install, what the kernel itself has, and where distributions put it whose
// /boot is not for packages, such as those of ostree.
func Paths() []string {
	r := release()
	return []string{
		"/boot/config-" + r, "/proc/config.gz",
		"/lib/modules/" + r + "/config", "/usr/lib/modules/" + r + "/config", "/usr/lib/ostree-boot/config-" + r,
	}
}

// release is what uname(1) -r prints.
func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil { // which cannot be
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

// ErrOther is the error of a file that is no configuration: it has no options.
var ErrOther = errors.New("not a configuration")

// Read returns the options that are set and their values, as they are written: y, m, a number, or
// a text in quotes. It is from the first file that can be read.
//
// The error wraps [os.ErrNotExist] if no configuration is to be had, and [ErrOther] or what is wrong
// if one is, but cannot be read.
func Read() (map[string]string, error) {
	_, options, err := Find()
	return options, err
}

// Find is [Read] for who wants to know the path of the file, too.
func Find() (path string, options map[string]string, err error) { return first(Paths()) }

// first returns the first file that can be read, and its options.
func first(paths []string) (path string, options map[string]string, err error) {
	var wrong error
	for _, path := range paths {
		options, err := read(path)
		if err == nil {
			return path, options, nil
		}
		if wrong == nil && !errors.Is(err, os.ErrNotExist) {
			wrong = fmt.Errorf("configuration of the kernel: %w", err)
		}
	}
	if wrong == nil {
		wrong = fmt.Errorf("configuration of the kernel: %w: neither %s", os.ErrNotExist, strings.Join(paths, " nor "))
	}
	return "", nil, wrong
}

// read reads one file.
func read(path string) (map[string]string, error) {
	f, err := unpack.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	options, err := Parse(io.LimitReader(f.Reader(), maxLen))
	if err == nil && len(options) == 0 {
		err = ErrOther
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return options, nil
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
