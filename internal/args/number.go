package args

import (
	"strconv"
	"strings"
)

// Uint32 reads a number in C notation: 10, 0x0a or 012. what names it in the
// error.
func (a *Args) Uint32(what string) (uint32, error) {
	w, err := a.Next(1)
	if err != nil {
		return 0, err
	}
	n, ok := parseUint(w, 32)
	if !ok {
		return 0, Errorf("can't parse %s as %s", w, what)
	}
	return uint32(n), nil
}

// parseUint reads a number of at most bits bits, in the notation of strtoul(3)
// with base 0. Unlike strtoul it refuses what does not fit, and signs.
func parseUint(s string, bits int) (uint64, bool) {
	base := 10
	switch {
	case len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'):
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, s = 8, s[1:]
	}
	if strings.ContainsAny(s, "+-_") {
		return 0, false
	}
	n, err := strconv.ParseUint(s, base, bits)
	return n, err == nil
}
