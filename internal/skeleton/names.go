package skeleton

import (
	"strconv"
	"strings"

	"github.com/gobpftool/gobpftool/internal/decl"
)

// A scope has the names that are taken.
type scope map[string]bool

func newScope(taken ...string) scope {
	s := make(scope)
	for _, name := range taken {
		s[name] = true
	}
	return s
}

// claim returns the public name in Go for a name of C, with a number if that is taken.
func (s scope) claim(c string) string {
	wish := decl.GoName(c)
	name := wish
	for n := 2; s[name]; n++ {
		name = wish + "_" + strconv.Itoa(n)
	}
	s[name] = true
	return name
}

// oneLine returns text as a comment may have it: names in objects may be anything.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, text)
}

// Words with an article, as comments need them.
func article(word string) string {
	if strings.ContainsRune("aeiou", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}
