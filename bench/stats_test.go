package main

import (
	"testing"
	"time"
)

// runs returns a series of wall times in milliseconds.
func runs(ms ...int) series {
	s := series{Peak: 10 << 20}
	for _, n := range ms {
		s.Wall = append(s.Wall, time.Duration(n)*time.Millisecond)
	}
	return s
}

func TestMedian(t *testing.T) {
	tests := []struct {
		name string
		s    series
		want time.Duration
	}{
		{"one run", runs(7), 7 * time.Millisecond},
		{"odd number, not sorted", runs(9, 1, 2), 2 * time.Millisecond},
		{"even number", runs(4, 1, 3, 9), 3500 * time.Microsecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.s.median(); got != tt.want {
				t.Errorf("median() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSpeedVerdict(t *testing.T) {
	tests := []struct {
		name string
		r    result
		want string
	}{
		{"no goal", result{ours: runs(5), theirs: runs(1)}, ""},
		{"no goal, no rival", result{ours: runs(5), absent: "no reference"}, "no reference"},
		{"at the ratio", result{row: row{goal: goal{ratio: 1.1}}, ours: runs(11), theirs: runs(10)}, "met"},
		{"above the ratio", result{row: row{goal: goal{ratio: 1.1}}, ours: runs(12), theirs: runs(10)}, "missed"},
		{"ratio to nothing", result{row: row{goal: goal{ratio: 1.1}}, ours: runs(1), absent: "no reference"}, "no reference"},
		{"fast enough alone", result{row: row{goal: goal{wall: time.Second}}, ours: runs(1), absent: "no reference"}, "met"},
		{"too slow", result{row: row{goal: goal{wall: time.Second}}, ours: runs(1000), theirs: runs(5000)}, "missed"},
		{"we failed", result{row: row{goal: goal{ratio: 1}}, ours: series{Failed: "exit status 1"}, theirs: runs(1)}, "gobpftool: exit status 1"},
		{"they failed", result{ours: runs(1), theirs: series{Failed: "exit status 1"}}, "C tool: exit status 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.r.speedVerdict(); got != tt.want {
				t.Errorf("speedVerdict() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSearches(t *testing.T) {
	limit := goal{perDescriptor: 10 * time.Microsecond}
	got := searches([]*result{
		{row: row{command: "map list", where: alone}, ours: runs(20)},
		{row: row{command: "link list", where: alone}, ours: series{Failed: "exit status 1"}},
		{row: row{command: "version", where: inCompany}, ours: runs(1)},
		{row: row{command: "map list", where: inCompany, goal: limit}, ours: runs(30)},
		{row: row{command: "link list", where: inCompany}, ours: runs(3)},
	})
	if len(got) != 1 {
		t.Fatalf("searches() = %v, want the one of map list", got)
	}
	// The search took 10 ms.
	for descriptors, want := range map[int]string{1000: "met", 999: "missed"} {
		if v := got[0].verdict(descriptors); v != want {
			t.Errorf("verdict(%d) = %q, want %q", descriptors, v, want)
		}
	}
}

func TestRowsAreDistinct(t *testing.T) {
	type key struct {
		command string
		where   surroundings
	}
	seen := make(map[key]bool)
	for _, r := range rows() {
		k := key{r.command, r.where}
		if seen[k] {
			t.Errorf("%s %s: two rows", r.command, r.where)
		}
		seen[k] = true
	}
}
