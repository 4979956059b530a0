package btfval

// A node is the layout of a type, as part of any others. It has all that is
// needed to spell a value or to find it in its spelling: nothing of the BTF is
// looked at again.
//
// Nodes with parts are an [object], a [sequence], an [array] and a [text]; all
// others are leaves.
type node interface {
	// append appends a face of the value at the start of data, which is long
	// enough, to b.
	append(b, data []byte, f face) []byte
}

// A face is one of the two spellings of values.
type face bool

const (
	plain  face = false // for people
	inJSON face = true
)

// An object is a struct or a union, whose parts have keys.
type object []field

// A field is a part of an [object].
type field struct {
	key  string // in quotes, with the colon that follows; "" without a name
	at   uint64 // bytes from the start of the object
	node node
}

func (o object) append(b, data []byte, f face) []byte {
	b = append(b, '{')
	for i := range o {
		if i > 0 {
			b = append(b, ',')
		}
		m := &o[i]
		b = append(b, m.key...)
		b = m.node.append(b, data[m.at:], f)
	}
	return append(b, '}')
}

// A sequence is the variables of a section, each of a type of its own.
type sequence []place

// A place is a part of a [sequence].
type place struct {
	at   uint64 // bytes from the start of the sequence
	node node
}

func (s sequence) append(b, data []byte, f face) []byte {
	b = append(b, '[')
	for i := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = s[i].node.append(b, data[s[i].at:], f)
	}
	return append(b, ']')
}

// An array is some values of one type in a row.
type array struct {
	elem   node
	stride uint64 // bytes from the start of one to that of the next
	n      uint64
}

func (a *array) append(b, data []byte, f face) []byte {
	b = append(b, '[')
	for i := range a.n {
		if i > 0 {
			b = append(b, ',')
		}
		b = a.elem.append(b, data[i*a.stride:], f)
	}
	return append(b, ']')
}

// A word stands for a value whose type has none.
type word string

const (
	unknown     word = "(unknown)"
	forward     word = "(fwd-kind-invalid)"
	unsupported word = "(unsupported-kind)"
)

func (w word) append(b, _ []byte, f face) []byte { return quoteIf(b, f == inJSON, string(w)) }

// quoteIf appends s, which needs no escapes, in quotes or not.
func quoteIf(b []byte, quotes bool, s string) []byte {
	if !quotes {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
