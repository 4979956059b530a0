package core

import "strings"

// essential returns the part of a name that counts: what follows the last three
// underscores is its flavour, by which an object tells variants of a type apart.
func essential(name string) string {
	// Both sides of the underscores have something else.
	for end := len(name); ; {
		i := strings.LastIndex(name[:end], "___")
		if i <= 0 {
			return name
		}
		if after := i + 3; name[i-1] != '_' && after < len(name) && name[after] != '_' {
			return name[:i]
		}
		end = i + 2
	}
}

// Essential returns the part of a name that counts, without its flavour.
func Essential(name string) string { return essential(name) }
