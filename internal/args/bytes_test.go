package args

import (
	"bytes"
	"strings"
	"testing"
)

func TestBytes(t *testing.T) {
	tests := []struct {
		words string
		n     int
		want  string
		err   string
		left  int // words that are not read
	}{
		{words: "1 0x1f 017 0 255", n: 5, want: "\x01\x1f\x0f\x00\xff"},
		{words: "hex 1 0x1f 17 ff 0", n: 5, want: "\x01\x1f\x17\xff\x00"},
		{words: "h a", n: 1, want: "\x0a"},
		{words: "1 2 3", n: 2, want: "\x01\x02", left: 1},
		{words: "", n: 0, want: ""},
		{words: "1", n: 2, err: "key expected 2 bytes got 1"},
		{words: "", n: 4, err: "key expected 4 bytes got 0"},
		{words: "hex", n: 1, err: "key expected 1 bytes got 0"},
		{words: "1 x", n: 2, err: "error parsing byte: x"},
		{words: "08", n: 1, err: "error parsing byte: 08"},
		{words: "256", n: 1, err: "error parsing byte: 256"},
		{words: "0x100", n: 1, err: "error parsing byte: 0x100"},
		{words: "-1", n: 1, err: "error parsing byte: -1"},
		{words: "+1", n: 1, err: "error parsing byte: +1"},
		{words: "hex -1", n: 1, err: "error parsing byte: -1"},
		{words: "hex +1", n: 1, err: "error parsing byte: +1"},
		{words: "hex 1_0", n: 1, err: "error parsing byte: 1_0"},
		{words: "hex 100", n: 1, err: "error parsing byte: 100"},
		{words: "hex 0x", n: 1, err: "error parsing byte: 0x"},
		{words: "hex fg", n: 1, err: "error parsing byte: fg"},
	}
	for _, tt := range tests {
		a := New("key", strings.Fields(tt.words))
		b, err := a.Bytes("key", tt.n)
		if err != nil || tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("%q: error %v, want %q", tt.words, err, tt.err)
			}
			continue
		}
		if !bytes.Equal(b, []byte(tt.want)) || a.Len() != tt.left {
			t.Errorf("%q: %x, %d words left; want %x, %d", tt.words, b, a.Len(), tt.want, tt.left)
		}
	}
}

// FuzzBytes reads bytes in any words: as many as wanted, or an error.
func FuzzBytes(f *testing.F) {
	f.Add("hex 1 0x2 ff", 3)
	f.Add("1 017 0x1f", 2)
	f.Fuzz(func(t *testing.T, words string, n int) {
		if n < 0 {
			return
		}
		b, err := New("key", strings.Fields(words)).Bytes("key", n)
		if err == nil && len(b) != n {
			t.Errorf("%q: %d bytes, want %d", words, len(b), n)
		}
	})
}
