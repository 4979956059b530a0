package main

import "strings"

// A spelling is a way in which LLVM, whose spelling is ours, and objdump call the
// same instructions otherwise: one of them with a letter for the size of its
// operands at the end.
type spelling struct {
	mnemonics []string // without the letter
	why       string
}

// spellings are those that are tolerated.
var spellings = []spelling{
	{[]string{"jmp", "leave", "ret"}, "jmp, leave, ret: LLVM leaves out the size, as there is no other"},
	{[]string{"bswap"}, "bswap: objdump leaves out the size, as the register tells it"},
}

// tolerate returns why mnemonics of the same instruction may differ, or "".
func tolerate(theirs, ours string) string {
	for _, s := range spellings {
		for _, m := range s.mnemonics {
			if sized(theirs, m) && sized(ours, m) {
				return s.why
			}
		}
	}
	return ""
}

// sized reports whether a word is a mnemonic, or that with a size.
func sized(word, mnemonic string) bool {
	size, ok := strings.CutPrefix(word, mnemonic)
	return ok && (size == "" || size == "w" || size == "l" || size == "q")
}
