package decl

import "strings"

// goName returns a name of C as a public name of Go: its parts, which
// underscores separate, begin with capitals. An underscore between two digits
// stays.
func goName(c string) string {
	b := make([]byte, 0, 1+len(c))
	begins := true
	for i := range len(c) {
		r := c[i]
		switch {
		case !isLetter(r) && !isDigit(r):
			begins = true
			continue
		case !begins:
		case 'a' <= r && r <= 'z':
			r -= 'a' - 'A'
		case isDigit(r) && len(b) > 0 && isDigit(b[len(b)-1]):
			b = append(b, '_')
		}
		b = append(b, r)
		begins = false
	}
	if len(b) == 0 || isDigit(b[0]) {
		return "X" + string(b)
	}
	return string(b)
}

// goValue returns the name of an enumerator in Go. Those that are public but for
// underscores before them keep the spelling of C, as in package syscall.
func goValue(c string) string {
	name := strings.TrimLeft(c, "_")
	for i := range len(name) {
		if r := name[i]; !isLetter(r) && !isDigit(r) && r != '_' {
			return goName(c)
		}
	}
	if name == "" || name[0] < 'A' || name[0] > 'Z' {
		return goName(c)
	}
	return name
}

func isLetter(r byte) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }

func isDigit(r byte) bool { return '0' <= r && r <= '9' }
