// Package verdict is the answer to a question about a kernel, a machine or an object, with
// what it rests on: the same words, JSON and exit status in every check, probe and
// audit.
package verdict

import (
	"fmt"
	"slices"
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
	return fmt.Errorf("answer %q: neither yes, no, denied nor unknown", text)
}

// A Verdict is an answer and what it rests on.
type Verdict struct {
	Answer   Answer `json:"verdict"`
	Evidence string `json:"evidence,omitempty"` // a sentence, without a period
}

// String returns the answer, and the evidence behind it in parentheses.
func (v Verdict) String() string {
	if v.Evidence == "" {
		return v.Answer.String()
	}
	return v.Answer.String() + " (" + v.Evidence + ")"
}

// All is the answer to whether all of several hold: no if one does not, else denied or
// unknown if that is the answer for one, and yes if there are none.
func All(answers ...Answer) Answer {
	for _, worst := range []Answer{No, Denied, Unknown} {
		if slices.Contains(answers, worst) {
			return worst
		}
	}
	return Yes
}
