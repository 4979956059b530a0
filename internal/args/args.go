// Package args reads bpftool's keyword arguments, such as
//
//	map update id 7 key hex 01 00 value 5 noexist
//
// A keyword may be shortened to any prefix, and the first keyword tried that
// fits wins.
package args

import (
	"fmt"
	"strings"
)

// An Error is a command line that makes no sense, as opposed to one that
// cannot be carried out.
type Error struct{ text string }

func (e *Error) Error() string { return e.text }

// Errorf returns an [Error].
func Errorf(format string, a ...any) error {
	return &Error{fmt.Sprintf(format, a...)}
}

// Args is the part of a command line that is still to be read.
type Args struct {
	last string   // word read last, for messages
	rest []string // words to come
}

// New returns the arguments that follow verb.
func New(verb string, words []string) *Args { return &Args{verb, words} }

// Len returns the number of words to come.
func (a *Args) Len() int { return len(a.rest) }

// Is reads the next word if it abbreviates keyword.
func (a *Args) Is(keyword string) bool {
	if len(a.rest) == 0 || !Abbreviates(a.rest[0], keyword) {
		return false
	}
	a.next()
	return true
}

// Abbreviates reports whether a word stands for keyword.
//
// The empty word abbreviates every keyword, as in bpftool.
func Abbreviates(word, keyword string) bool { return strings.HasPrefix(keyword, word) }

// Ends takes away the last word if it abbreviates keyword.
func (a *Args) Ends(keyword string) bool {
	n := len(a.rest)
	if n == 0 || a.rest[n-1] == "" || !strings.HasPrefix(keyword, a.rest[n-1]) {
		return false
	}
	a.rest = a.rest[:n-1]
	return true
}

// Next reads the next word. It fails if there are fewer than the n words that
// the command needs to go on.
func (a *Args) Next(n int) (string, error) {
	if err := a.Need(n); err != nil {
		return "", err
	}
	return a.next(), nil
}

// Need fails if there are fewer than n words to come.
func (a *Args) Need(n int) error {
	if len(a.rest) < n {
		return Errorf("'%s' needs at least %d arguments, %d found", a.last, n, len(a.rest))
	}
	return nil
}

// Peek returns the next word without reading it, or "(null)" if there is none,
// which is how bpftool spells its absence.
func (a *Args) Peek() string {
	if len(a.rest) == 0 {
		return "(null)"
	}
	return a.rest[0]
}

// After returns the word after the next, or "" if there is none.
func (a *Args) After() string {
	if len(a.rest) < 2 {
		return ""
	}
	return a.rest[1]
}

// All reads all words that are left.
func (a *Args) All() []string {
	rest := a.rest
	a.rest = nil
	return rest
}

// Done fails if a word has not been read.
func (a *Args) Done() error {
	if len(a.rest) == 0 {
		return nil
	}
	return Errorf("what is '%s'?", a.rest[0])
}

func (a *Args) next() string {
	a.last, a.rest = a.rest[0], a.rest[1:]
	return a.last
}
