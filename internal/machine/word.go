package machine

import "encoding/binary"

// A Word is four bytes of machine code, or two of a short instruction.
type Word uint32

// Little returns the first four bytes of code, the least significant first, and
// whether there are as many.
func Little(code []byte) (w Word, ok bool) {
	if len(code) < 4 {
		return 0, false
	}
	return Word(binary.LittleEndian.Uint32(code)), true
}

// Bits returns the n bits from bit low on.
func (w Word) Bits(low, n int) Word { return w >> low & (1<<n - 1) }

// Signed returns the n bits from bit low on, with their sign.
func (w Word) Signed(low, n int) int64 {
	return int64(w) << (64 - low - n) >> (64 - n)
}

// Extended is the lower half of v, with its sign.
func Extended(v uint64) uint64 { return uint64(int64(int32(uint32(v)))) }
