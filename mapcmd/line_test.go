package mapcmd

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzSplitLine compares the short way to read a line with the long one.
func FuzzSplitLine(f *testing.F) {
	for _, text := range []string{
		`{"key":7,"value":{"a":[1,2],"b":"},]"}}`,
		`{"key":"hex:07","value":"a\\\"b"}`,
		`{"key":{"value":1},"value":[{}]}`,
		`{"key":1,"value":2,"value":3}`,
		`{"key":1,"value":2}}`,
		`{"key":,"value":}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, ok := splitLine(text)
		if !ok || !json.Valid(text) {
			return
		}
		want, err := decodeLine(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !bytes.Equal(bytes.TrimSpace(l.key), want.key) || !bytes.Equal(bytes.TrimSpace(l.value), want.value) {
			t.Errorf("%s: %s and %s, want %s and %s", text, l.key, l.value, want.key, want.value)
		}
	})
}

// FuzzParseLine reads hostile lines: an error with its place, or a key and a value.
func FuzzParseLine(f *testing.F) {
	for _, text := range []string{
		`{"key":"hex:01020304","value":"hex:0102030405060708"}`,
		`{"key":"hex:01020304","values":["hex:0102030405060708",""]}`,
		`{"key":"hex:","value":null}`, `{}`, `null`, `[`, `{"key":"hex:0102030\"`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, cpus := range []int{0, 2} {
			w := newWriter(newTestTable("hash", 4, 8, cpus), nil)
			key, value := make([]byte, 4), make([]byte, w.ValueLen())
			if err := w.parse(key, value, text); err != nil && err.Error() == "" {
				t.Error("an error without words")
			}
		}
	})
}
