package args

import "strconv"

// Bytes reads n bytes, a word for each, as bpftool's map commands have them: in C
// notation (10, 0x0a or 012), or after the word "hex" in base 16. what names them
// in the errors.
//
// Unlike bpftool it refuses numbers that do not fit into a byte.
func (a *Args) Bytes(what string, n int) ([]byte, error) {
	parse := func(w string) (uint64, bool) { return parseUint(w, 8) }
	if a.Is("hex") {
		parse = parseHex
	}
	b := make([]byte, 0, min(n, len(a.rest)))
	for len(b) < n && len(a.rest) > 0 {
		v, ok := parse(a.rest[0])
		if !ok {
			return nil, Errorf("error parsing byte: %s", a.rest[0])
		}
		b = append(b, byte(v))
		a.next()
	}
	if len(b) < n {
		return nil, Errorf("%s expected %d bytes got %d", what, n, len(b))
	}
	return b, nil
}

// parseHex reads a byte in base 16, with or without the prefix 0x.
func parseHex(s string) (uint64, bool) {
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		s = s[2:]
	}
	n, err := strconv.ParseUint(s, 16, 8) // without underscores and signs
	return n, err == nil
}
