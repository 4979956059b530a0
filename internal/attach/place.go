package attach

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A place is a function and an offset in it.
type place struct {
	function string
	offset   uint64 // bytes
}

func (p place) String() string {
	if p.offset == 0 {
		return p.function
	}
	return fmt.Sprintf("%s+%#x", p.function, p.offset)
}

// kernelPlace is how a function of the kernel is written, and where in it.
const kernelPlace = `^([a-zA-Z0-9_.]+)(?:\+(\w+))?$`

// parseKernelPlace reads "function[+offset]". The offset may be decimal, octal or hexadecimal.
func parseKernelPlace(text string) (place, error) {
	m := regexp.MustCompile(kernelPlace).FindStringSubmatch(text)
	if m == nil {
		return place{}, fmt.Errorf("%q: want function[+offset]", text)
	}
	if m[2] == "" {
		return place{function: m[1]}, nil
	}
	n, err := strconv.ParseUint(m[2], 0, 64)
	if err != nil {
		return place{}, fmt.Errorf("%q: offset %s: want a number", text, m[2])
	}
	return place{m[1], n}, nil
}

// parseFilePlace reads "path:function[+offset]". What follows a "+" and is no number belongs to the name:
// those of some languages have it.
func parseFilePlace(text string) (path string, p place, err error) {
	path, name, err := parseFile(text)
	if err != nil {
		return "", place{}, err
	}
	if i := strings.LastIndexByte(name, '+'); i > 0 {
		if n, err := strconv.ParseUint(name[i+1:], 0, 64); err == nil {
			return path, place{name[:i], n}, nil
		}
	}
	return path, place{function: name}, nil
}

// parseFile takes "path:rest" apart.
func parseFile(text string) (path, rest string, err error) {
	path, rest, _ = strings.Cut(text, ":")
	if path == "" || rest == "" {
		return "", "", fmt.Errorf("%q: want path:function", text)
	}
	return path, rest, nil
}
