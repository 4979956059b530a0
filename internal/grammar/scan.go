package grammar

import "strings"

// A token is a bracket, a brace, a bar, three dots, or a word.
type token struct {
	text   string
	column int // from 1, in bytes
}

// scan takes text apart.
func scan(text string) []token {
	var list []token
	for i := 0; i < len(text); {
		n := tokenLen(text[i:])
		if n > 0 {
			list = append(list, token{text[i : i+n], i + 1})
		}
		i += max(n, 1)
	}
	return list
}

// tokenLen is the length of the token at the start of text, or 0 if that is
// white space.
func tokenLen(text string) int {
	switch {
	case strings.HasPrefix(text, "..."):
		return len("...")
	case strings.IndexByte("[]{}|", text[0]) >= 0:
		return 1
	}
	end := len(text)
	if i := strings.IndexAny(text, "[]{}| \t\n"); i >= 0 {
		end = i
	}
	if i := strings.Index(text[:end], "..."); i >= 0 {
		end = i
	}
	return end
}
