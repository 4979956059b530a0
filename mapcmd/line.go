package mapcmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A line is one of an exported map, behind the first: {"key":...,"value":...}, or with
// "values" for each CPU.
type line struct {
	key    json.RawMessage
	value  json.RawMessage   // of all CPUs, in per-CPU maps
	values []json.RawMessage // of each CPU
}

// readLine splits a line.
func readLine(text []byte) (line, error) {
	if !json.Valid(text) {
		var v any
		return line{}, json.Unmarshal(text, &v) // which says where it is wrong
	}
	if l, ok := splitLine(text); ok {
		return l, nil
	}
	return decodeLine(text)
}

// splitLine splits a line of JSON as the tool itself writes it: a million of them should
// not take seconds. It reports false for what [decodeLine] must look at.
func splitLine(text []byte) (l line, ok bool) {
	rest, ok := bytes.CutPrefix(text, []byte(`{"key":`))
	if !ok {
		return l, false
	}
	n := valueEnd(rest)
	key := rest[:n]
	if rest, ok = bytes.CutPrefix(rest[n:], []byte(`,"value":`)); !ok {
		return l, false
	}
	n = valueEnd(rest)
	if string(rest[n:]) != "}" {
		return l, false
	}
	return line{key: key, value: rest[:n]}, true
}

// valueEnd returns where the value ends that b begins with.
func valueEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(b)
}

// decodeLine splits a line of JSON in which keys may have any order. Each may be there
// once, and no other.
func decodeLine(text []byte) (l line, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return l, errors.New("an object with \"key\" and \"value\" expected")
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return l, err
		}
		if err := l.member(dec, name.(string)); err != nil {
			return l, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return l, err
	}
	if l.value != nil && l.values != nil {
		return l, errors.New("both \"value\" and \"values\" are given")
	}
	return l, nil
}

// member reads a value of the object.
func (l *line) member(dec *json.Decoder, name string) error {
	var given bool
	var into any
	switch name {
	case "key":
		given, into = l.key != nil, &l.key
	case "value":
		given, into = l.value != nil, &l.value
	case "values":
		given, into = l.values != nil, &l.values
	default:
		return fmt.Errorf("what is %q?", name)
	}
	if given {
		return fmt.Errorf("%q is given twice", name)
	}
	return dec.Decode(into)
}

// only reads a value of JSON that is all that there is.
func only(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("there is something behind it")
	}
	return nil
}
