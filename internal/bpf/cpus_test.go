package bpf

import (
	"slices"
	"testing"
)

func TestParseCPUs(t *testing.T) {
	tests := []struct {
		list string
		want []int
	}{
		{"0", []int{0}}, {"0-3", []int{0, 1, 2, 3}}, {"0-1,4-7", []int{0, 1, 4, 5, 6, 7}}, {"0,2,4", []int{0, 2, 4}},
		{"", nil}, {"x", nil}, {"3-1", nil}, {"1-", nil}, {"-1", nil}, {"0-99999", nil},
	}
	for _, tt := range tests {
		if got, err := parseCPUs(tt.list); !slices.Equal(got, tt.want) || (err != nil) != (tt.want == nil) {
			t.Errorf("parseCPUs(%q) = %v, %v; want %v", tt.list, got, err, tt.want)
		}
	}
}
