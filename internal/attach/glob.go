package attach

import "strings"

// isPattern reports whether a name stands for several.
func isPattern(name string) bool { return strings.ContainsAny(name, "*?") }

// matches reports whether a name is one that a pattern stands for, in which "*" is any text and "?" any one
// byte. It takes time by the product of their lengths.
func matches(pattern, name string) bool {
	star, mark := -1, 0 // where to go on if it turns out that a "*" is longer
	for i, j := 0, 0; ; {
		switch {
		case i < len(pattern) && pattern[i] == '*':
			star, mark = i, j
			i++
		case j == len(name) && i == len(pattern):
			return true
		case j < len(name) && i < len(pattern) && (pattern[i] == '?' || pattern[i] == name[j]):
			i, j = i+1, j+1
		case star >= 0 && mark < len(name):
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
}
