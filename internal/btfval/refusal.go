package btfval

import (
	"fmt"
	"strings"
	"unicode"
)

// A refusal is the error of a value that its type does not take.
type refusal struct {
	path  string // of the field, as in C; empty for the value itself
	given string // empty if why says it
	why   string
}

func (r *refusal) Error() string {
	var parts []string
	for _, s := range []string{r.path, r.given, r.why} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ": ")
}

// within puts the step to a part in front of the path in its error.
func within(err error, step string) error {
	if r, ok := err.(*refusal); ok {
		r.path = step + r.path
	}
	return err
}

// A typed has a type with a name, as nodes have.
type typed interface{ called() string }

// refuse is the error of a token that is not what a type takes.
func (tok token) refuse(n typed, takes string) error {
	return &refusal{given: shown(string(tok.raw)), why: shown(n.called()) + " takes " + takes}
}

// tooLong is the error of a token with more bytes than a type has room for.
func (tok token) tooLong(n typed, len int, room uint64) error {
	return &refusal{given: shown(string(tok.raw)), why: fmt.Sprintf("%d bytes, but %s has %d", len, shown(n.called()), room)}
}

// differs is the error of a token that is not what the bytes have by now.
func (tok token) differs() error {
	return &refusal{given: shown(string(tok.raw)), why: "differs from what was given for the same bytes"}
}

// maxShown is how many bytes of a text are shown in an error.
const maxShown = 64

// shown returns text for an error, of whatever it is made.
func shown(s string) string {
	clipped := s
	if len(s) > maxShown {
		clipped = s[:maxShown-len("...")]
	}
	clipped = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, clipped)
	if len(s) > maxShown {
		clipped += "..."
	}
	return clipped
}

// unquoted returns what [quoted] got, but for escapes.
func unquoted(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`) }
