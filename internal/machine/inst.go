package machine

import "strings"

// Operation returns what stands before the first blank of the text, which is a
// prefix if there is one: "lock", "addq", ".byte".
//
// Source: the reference splits instructions so in JSON.
func (i Inst) Operation() string {
	operation, _ := i.split()
	return operation
}

// Operands returns the words behind the operation, without the blanks, commas and
// parentheses between them: "-8", "%rbp" and "%rax" of "-8(%rbp), %rax". They are
// nil if there are none.
func (i Inst) Operands() []string {
	_, rest := i.split()
	words := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t,()", r) })
	if len(words) == 0 {
		return nil
	}
	return words
}

func (i Inst) split() (operation, rest string) {
	if n := strings.IndexAny(i.Text, " \t"); n >= 0 {
		return i.Text[:n], i.Text[n:]
	}
	return i.Text, ""
}
