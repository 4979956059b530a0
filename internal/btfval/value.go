// Package btfval turns bytes into values by means of the BTF that describes
// them.
//
// A value is a tree with two faces: JSON, and a plain text that resembles JSON
// but spells some leaves otherwise, as bpftool does.
package btfval

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// A Value is a [Leaf], a [List] or an [Object].
type Value interface {
	// MarshalJSON is the face for programs.
	json.Marshaler

	// AppendPlain appends the face for people, on one line, to b.
	AppendPlain(b []byte) []byte
}

// A Leaf is a value without parts.
type Leaf struct {
	Plain string
	JSON  string // empty if it is the same
}

// AppendPlain implements [Value].
func (l Leaf) AppendPlain(b []byte) []byte { return append(b, l.Plain...) }

// MarshalJSON implements [json.Marshaler].
func (l Leaf) MarshalJSON() ([]byte, error) {
	if l.JSON == "" {
		return []byte(l.Plain), nil
	}
	return []byte(l.JSON), nil
}

// quoted returns a leaf that is a string.
func quoted(s string) Leaf {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err) // strings can be encoded
	}
	return Leaf{Plain: string(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))}
}

// A List is the elements of an array.
type List []Value

// AppendPlain implements [Value].
func (l List) AppendPlain(b []byte) []byte {
	b = append(b, '[')
	for i, v := range l {
		if i > 0 {
			b = append(b, ',')
		}
		b = v.AppendPlain(b)
	}
	return append(b, ']')
}

// MarshalJSON implements [json.Marshaler].
func (l List) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, v := range l {
		if i > 0 {
			b = append(b, ',')
		}
		text, err := v.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b = append(b, text...)
	}
	return append(b, ']'), nil
}

// An Object is the members of a struct or union. Keys keep their order and may
// repeat, as those of anonymous members do.
type Object []Member

// A Member is one key of an [Object] with its value.
type Member struct {
	Key   string
	Value Value
}

// AppendPlain implements [Value].
func (o Object) AppendPlain(b []byte) []byte {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendQuote(b, m.Key)
		b = append(b, ':')
		b = m.Value.AppendPlain(b)
	}
	return append(b, '}')
}

// MarshalJSON implements [json.Marshaler].
func (o Object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		text, err := m.Value.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b = append(b, quoted(m.Key).Plain...)
		b = append(b, ':')
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON implements [json.Unmarshaler]. Leaves get the spelling of JSON
// on both their faces.
func (o *Object) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	v, err := readValue(dec)
	if err != nil {
		return err
	}
	object, ok := v.(Object)
	if !ok {
		return &json.UnmarshalTypeError{Value: string(b)}
	}
	*o = object
	return nil
}

// readValue reads a value from dec, leaves as they are spelt there.
func readValue(dec *json.Decoder) (Value, error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return nil, err
	}
	inner := json.NewDecoder(bytes.NewReader(raw))
	switch raw[0] {
	case '[':
		list := List{}
		inner.Token()
		for inner.More() {
			v, err := readValue(inner)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case '{':
		object := Object{}
		inner.Token()
		for inner.More() {
			key, err := inner.Token()
			if err != nil {
				return nil, err
			}
			v, err := readValue(inner)
			if err != nil {
				return nil, err
			}
			object = append(object, Member{key.(string), v})
		}
		return object, nil
	}
	return Leaf{Plain: string(raw)}, nil
}
