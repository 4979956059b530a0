package main

import "regexp"

// A spelling is a way in which LLVM, whose spelling is ours, calls an
// instruction that objdump calls otherwise.
type spelling struct {
	theirs, ours *regexp.Regexp // mnemonics, as a whole
	why          string
}

// spellings are those that are tolerated.
var spellings = []spelling{
	{whole("(jmp|leave|ret|enter)[qw]?"), whole("(jmp|leave|ret|enter)[qw]?"), "LLVM leaves out the size where there is no other"},
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile("^(?:" + pattern + ")$") }

// tolerate returns why mnemonics of the same instruction may differ, or "".
func tolerate(theirs, ours string) string {
	for _, s := range spellings {
		if s.theirs.MatchString(theirs) && s.ours.MatchString(ours) {
			return s.why
		}
	}
	return ""
}
