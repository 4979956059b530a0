package btfval

import (
	"encoding/json"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/btf"
)

// A Type is the layout of the values of one BTF type: where their parts are,
// what these are called, and how each of them is spelt. It prints any number of
// values without memory of its own, and reads them.
//
// It is safe for concurrent use, and does not refer to the BTF that it was
// compiled from.
type Type struct {
	root node
	size int // bytes
}

// Compile returns the layout of a type.
//
// All that can be wrong with a type is found here: types that contain
// themselves, lie outside of what they are part of, or have more parts than
// anyone could read. The error has the ID of the type that is at fault. What
// merely has no value, such as a function, is no error: a word stands for it.
func Compile(spec *btf.Spec, id btf.ID) (*Type, error) {
	c := newCompiler(spec)
	l, err := c.layout(id)
	if err != nil {
		return nil, err
	}
	return &Type{l.node, int(l.size)}, nil
}

// Size returns how many bytes a value has. It is 0 if the type has none, as
// functions do.
func (t *Type) Size() int { return t.size }

// AppendPlain appends the face for people, on one line, of the value at the
// start of data to b. There it has at least [Type.Size] bytes.
func (t *Type) AppendPlain(b, data []byte) []byte { return t.root.append(b, data, plain) }

// AppendJSON appends the face for programs of the value at the start of data to
// b, without white space. There it has at least [Type.Size] bytes.
func (t *Type) AppendJSON(b, data []byte) []byte { return t.root.append(b, data, inJSON) }

// Value returns the value at the start of data, which must not change as long
// as the value is used.
//
// The error is that of data shorter than [Type.Size].
func (t *Type) Value(data []byte) (Value, error) {
	if len(data) < t.size {
		return nil, fmt.Errorf("%d bytes, want %d", len(data), t.size)
	}
	return value{t, data}, nil
}

// A Value is something with the two faces of values.
type Value interface {
	// MarshalJSON is the face for programs.
	json.Marshaler

	// AppendPlain appends the face for people, on one line, to b.
	AppendPlain(b []byte) []byte
}

// A value is bytes with their type. There are enough of them.
type value struct {
	t    *Type
	data []byte
}

// AppendPlain implements [Value].
func (v value) AppendPlain(b []byte) []byte { return v.t.AppendPlain(b, v.data) }

// MarshalJSON implements [json.Marshaler].
func (v value) MarshalJSON() ([]byte, error) { return v.t.AppendJSON(nil, v.data), nil }
