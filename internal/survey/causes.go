package survey

import "strings"

// Causes shortens evidence for people: of several things that are refused for the same long reason, it is told once. It has the
// reasons that were told, and of what.
type Causes map[string]string

// long is from how many bytes on a reason is not told twice.
const long = 120

// Short returns the evidence for something, without the part about system calls if that was told of something else.
func (c Causes) Short(name, evidence string) string {
	const next = "; kernel BTF"
	reason, rest, both := strings.Cut(evidence, next)
	if len(reason) < long {
		return evidence
	}
	first, told := c[reason]
	if !told {
		c[reason] = name
		return evidence
	}
	short := "as of " + first
	if both {
		short += next + rest
	}
	return short
}
