package bpf

import "testing"

func TestCountCPUs(t *testing.T) {
	tests := []struct {
		list string
		want int
	}{
		{"0", 1}, {"0-3", 4}, {"0-1,4-7", 6}, {"0,2,4", 3}, {"0-1023", 1024},
		{"", 0}, {"x", 0}, {"3-1", 0}, {"1-", 0}, {"-1", 0}, {"0-99999", 0},
	}
	for _, tt := range tests {
		if got, err := countCPUs(tt.list); got != tt.want || (err != nil) != (tt.want == 0) {
			t.Errorf("countCPUs(%q) = %d, %v; want %d", tt.list, got, err, tt.want)
		}
	}
}
