package render

import (
	"strings"
	"testing"
)

func TestHex(t *testing.T) {
	data := make([]byte, 20)
	for i := range data {
		data[i] = byte(i * 13)
	}
	tests := []struct {
		n           int
		plain, list string
	}{
		{0, "", "[]"},
		{1, "00", `["0x00"]`},
		{2, "00 0d", `["0x00","0x0d"]`},
		{9, "00 0d 1a 27 34 41 4e 5b  68", ""},
		{16, "00 0d 1a 27 34 41 4e 5b  68 75 82 8f 9c a9 b6 c3", ""},
		{20, "00 0d 1a 27 34 41 4e 5b  68 75 82 8f 9c a9 b6 c3\nd0 dd ea f7", ""},
	}
	for _, tt := range tests {
		if got := string(AppendHex(nil, data[:tt.n])); got != tt.plain {
			t.Errorf("AppendHex() of %d bytes = %q, want %q", tt.n, got, tt.plain)
		}
		if got := string(AppendHexList(nil, data[:tt.n])); got != tt.list && tt.list != "" || strings.Count(got, "0x") != tt.n {
			t.Errorf("AppendHexList() of %d bytes = %s, want %s", tt.n, got, tt.list)
		}
	}
}
