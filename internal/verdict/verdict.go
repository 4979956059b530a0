// Package verdict is the answer to a question about a kernel, a machine or an object, with
// what it rests on: the same words, JSON and exit status in every check, probe and
// audit.
package verdict

import (
	"fmt"
)

// An Answer is what is known.
type Answer uint8

// The answers. Denied is not No: whoever asks may not find out.
const (
	Unknown Answer = iota
	Yes
	No
	Denied
)

var words = [...]string{"unknown", "yes", "no", "denied"}

// String returns the word for an answer.
func (a Answer) String() string { return words[a] }

// MarshalText implements [encoding.TextMarshaler].
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (a *Answer) UnmarshalText(text []byte) error {
	for i, w := range words {
		if w == string(text) {
			*a = Answer(i)
			return nil
		}
	}
	return fmt.Errorf("answer %q", text)
}

// A Verdict is an answer and what it rests on.
type Verdict struct {
	Answer   Answer `json:"verdict"`
	Evidence string `json:"evidence,omitempty"` // a sentence
}
