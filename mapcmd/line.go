package mapcmd

import (
	"bytes"
	"encoding/json"
)

// A line is one of an exported map, behind the first.
type line struct {
	Key    json.RawMessage   `json:"key"`
	Value  json.RawMessage   `json:"value"`  // of all CPUs, in per-CPU maps
	Values []json.RawMessage `json:"values"` // of each CPU
}

// splitLine splits a line as the tool itself writes it: a million of them should not
// take seconds. It reports false for what the library must look at.
func splitLine(text []byte) (l line, ok bool) {
	rest, ok := bytes.CutPrefix(text, []byte(`{"key":`))
	if !ok {
		return l, false
	}
	n := valueEnd(rest)
	l.Key = rest[:n]
	rest, ok = bytes.CutPrefix(rest[n:], []byte(`,"value":`))
	if !ok {
		return l, false
	}
	n = valueEnd(rest)
	l.Value = rest[:n]
	return l, string(rest[n:]) == "}"
}

// valueEnd returns where the value ends that b begins with, if it is one.
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
