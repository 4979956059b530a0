package btfval

import (
	"bytes"
	"encoding/json"
)

// An Object is values with names. Keys keep their order and may repeat.
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
		b = append(append(b, quoted(m.Key)...), ':')
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
		b = append(append(b, quoted(m.Key)...), ':')
		b = append(b, text...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON implements [json.Unmarshaler]. Values get the spelling of JSON
// on both their faces.
func (o *Object) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return &json.UnmarshalTypeError{Value: string(b)}
	}
	read := Object{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return err
		}
		var text bytes.Buffer
		if err := json.Compact(&text, raw); err != nil {
			return err
		}
		read = append(read, Member{key.(string), verbatim(text.String())})
	}
	*o = read
	return nil
}

// verbatim is a value as it was spelt in JSON, on one line.
type verbatim string

// AppendPlain implements [Value].
func (v verbatim) AppendPlain(b []byte) []byte { return append(b, v...) }

// MarshalJSON implements [json.Marshaler].
func (v verbatim) MarshalJSON() ([]byte, error) { return []byte(v), nil }
