package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestSummary(t *testing.T) {
	s := &summary{
		runs:        3,
		kernel:      "Linux 6.1, amd64",
		notes:       []string{"gobpftool: gobpftool v7.8.0."},
		descriptors: 1000,
		results: []*result{
			{row: row{"map list", alone, reference, goal{ratio: 1.1}, 0}, ours: runs(20, 22, 24), theirs: runs(20, 20, 20), floor: 4 << 20},
			{row: row{"map list", inCompany, holding, goal{ratio: 0.5, perDescriptor: 1000}, 0}, ours: runs(27), absent: "no build with holders"},
		},
	}
	var out bytes.Buffer
	if err := s.write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"- gobpftool: gobpftool v7.8.0.\n",
		"| `map list` | alone | 20.00 | 22.00 | 20.00 | 20.00 | 1.00 | 1.10 | ratio ≤ 1.10 | met |\n",
		"| `map list` | in company | 27.00 | 27.00 |  |  |  |  | ratio ≤ 0.50 | no build with holders |\n",
		"| `map list` | 5.00 | 27.00 | ≤ 1.00 | missed |\n",
		"| `map list` | alone | 10.0 | 10.0 | 4.0 | ≤ 40.0 | met |\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line %q in:\n%s", want, out.String())
		}
	}
}
