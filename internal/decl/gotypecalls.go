package decl

import (
	"strconv"
	"strings"
)

// goCalls are the functions that methods call. Only those that are called are
// declared.
type goCalls struct {
	names [goFunctions]string
	used  [goFunctions]bool
}

// The functions.
const (
	goGet = iota
	goPut
	goGetBits
	goPutBits
	goText
	goFunctions
)

// newGoCalls gives the functions their names, which are not public.
func newGoCalls(prefix string, taken scope) goCalls {
	var c goCalls
	for i, name := range [goFunctions]string{"Get", "Put", "GetBits", "PutBits", "Text"} {
		if prefix == "" {
			name = GoPrivate(name)
		}
		c.names[i] = taken.claim(GoPrivate(prefix) + name)
	}
	return c
}

// use returns the name of a function that is called.
func (c *goCalls) use(function int) string {
	c.used[function] = true
	return c.names[function]
}

// read returns the expression for the value of a member of s.
func (c *goCalls) read(p *goPart) string {
	at := "(unsafe.Pointer(s), " + strconv.FormatUint(p.off/8, 10)
	typ := p.goType.text
	switch {
	case p.bits == 0 && p.truth:
		return c.use(goGet) + "[byte]" + at + ") != 0"
	case p.bits == 0:
		return c.use(goGet) + "[" + typ + "]" + at + ")"
	}
	value := c.use(goGetBits) + at + bitsAt(p) + ")"
	unused := strconv.FormatUint(64-p.bits, 10)
	switch {
	case p.truth:
		return value + " != 0"
	case typ == "uint64":
		return value
	case !p.signed || p.bits == 64:
		return typ + "(" + value + ")"
	case typ == "int64":
		return "int64(" + value + "<<" + unused + ") >> " + unused
	}
	return typ + "(int64(" + value + "<<" + unused + ") >> " + unused + ")"
}

// write returns the statements that make v the value of a member of s.
func (c *goCalls) write(p *goPart) string {
	at := "(unsafe.Pointer(s), " + strconv.FormatUint(p.off/8, 10)
	switch typ := p.goType.text; {
	case p.bits == 0:
		return "\t" + c.use(goPut) + at + ", v)\n"
	case p.truth:
		return "\tvar n uint64\n\tif v {\n\t\tn = 1\n\t}\n\t" + c.use(goPutBits) + at + bitsAt(p) + ", n)\n"
	case typ == "uint64":
		return "\t" + c.use(goPutBits) + at + bitsAt(p) + ", v)\n"
	default:
		return "\t" + c.use(goPutBits) + at + bitsAt(p) + ", uint64(v))\n"
	}
}

// bitsAt returns the arguments that say which bits a member has.
func bitsAt(p *goPart) string {
	return ", " + strconv.FormatUint(p.off%8, 10) + ", " + strconv.FormatUint(p.bits, 10)
}

// declare writes the functions that are called, for values of a byte order.
func (c *goCalls) declare(b *strings.Builder, bigEndian bool) {
	// How far to shift the byte of a bitfield that has its lowest bit in b[0], or
	// the highest there.
	shift := "8*i - from"
	first := "lowest"
	if bigEndian {
		shift, first = "from + n - 8*(i+1)", "highest"
	}
	for i, source := range [goFunctions]string{goGetSource, goPutSource, goGetBitsSource, goPutBitsSource, goTextSource} {
		if c.used[i] {
			b.WriteString(strings.NewReplacer("NAME", c.names[i], "SHIFT", shift, "FIRST", first).Replace(source))
		}
	}
}

const goGetSource = `
// NAME returns the value off bytes behind p, where it need not be aligned.
func NAME[T any](p unsafe.Pointer, off uintptr) (v T) {
	n := unsafe.Sizeof(v)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&v)), n), unsafe.Slice((*byte)(unsafe.Add(p, off)), n))
	return v
}
`

const goPutSource = `
// NAME puts a value off bytes behind p, where it need not be aligned.
func NAME[T any](p unsafe.Pointer, off uintptr, v T) {
	n := unsafe.Sizeof(v)
	copy(unsafe.Slice((*byte)(unsafe.Add(p, off)), n), unsafe.Slice((*byte)(unsafe.Pointer(&v)), n))
}
`

const goGetBitsSource = `
// NAME returns the n bits off bytes behind p, from bit number from on. The
// FIRST bit of a byte has number 0.
func NAME(p unsafe.Pointer, off uintptr, from, n int) (v uint64) {
	b := unsafe.Slice((*byte)(unsafe.Add(p, off)), (from+n+7)/8)
	for i, x := range b {
		if at := SHIFT; at < 0 {
			v |= uint64(x) >> -at
		} else {
			v |= uint64(x) << at
		}
	}
	return v << (64 - n) >> (64 - n)
}
`

const goPutBitsSource = `
// NAME puts a number of n bits off bytes behind p, from bit number from on. The
// FIRST bit of a byte has number 0.
func NAME(p unsafe.Pointer, off uintptr, from, n int, v uint64) {
	b := unsafe.Slice((*byte)(unsafe.Add(p, off)), (from+n+7)/8)
	mask := ^uint64(0) >> (64 - n)
	for i := range b {
		if at := SHIFT; at < 0 {
			b[i] = b[i]&^byte(mask<<-at) | byte((v&mask)<<-at)
		} else {
			b[i] = b[i]&^byte(mask>>at) | byte(v&mask>>at)
		}
	}
}
`

const goTextSource = `
// NAME returns the text in b, which ends before the first NUL if there is one.
func NAME(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}
`
