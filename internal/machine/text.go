package machine

import (
	"fmt"
	"strings"
)

// Unknown is up to n bytes that are no instruction: a word in the directive of that
// name, the least significant byte first, or else the first byte.
func Unknown(directive string, code []byte, n int) Inst {
	if len(code) < n {
		return Inst{Len: 1, Text: fmt.Sprintf(".byte\t%#02x", code[0])}
	}
	value := uint64(0)
	for i := n - 1; i >= 0; i-- {
		value = value<<8 | uint64(code[i])
	}
	return Inst{Len: n, Text: fmt.Sprintf("%s\t%#0*x", directive, 2*n, value)}
}

// Text joins a mnemonic and its operands, as [Inst.Text] has them.
func Text(mnemonic, separator string, operands ...string) string {
	if len(operands) == 0 {
		return mnemonic
	}
	return mnemonic + "\t" + strings.Join(operands, separator)
}

// Address is how operands spell where a jump goes.
func Address(a uint64) string { return fmt.Sprintf("%#x", a) }
