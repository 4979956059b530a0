package render

import (
	"bufio"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLayout(t *testing.T) {
	// The wanted text was printed by bpftool 7.8 with -p, from the same data.
	tests := []struct{ name, in, want string }{
		{"empty array", `[]`, `[]`},
		{"empty object", `{}`, `{}`},
		{"flat array", `[1,2]`, "[1,2\n]"},
		{"object", `{"id":7,"tag":"a:b"}`, "{\n    \"id\": 7,\n    \"tag\": \"a:b\"\n}"},
		{"array in object", `{"ids":[1,2],"n":null}`, "{\n    \"ids\": [1,2\n    ],\n    \"n\": null\n}"},
		{"objects in array", `[{"a":1},{"b":[]}]`, "[{\n        \"a\": 1\n    },{\n        \"b\": []\n    }\n]"},
		{"escaped quote", `["a\"]"]`, "[\"a\\\"]\"\n]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			w := bufio.NewWriter(&b)
			l := layout{pretty: true}
			l.write(w, []byte(tt.in))
			w.Flush()
			if diff := cmp.Diff(tt.want, b.String()); diff != "" {
				t.Errorf("layout of %s (-want +got):\n%s", tt.in, diff)
			}

			b.Reset()
			l = layout{}
			l.write(w, []byte(tt.in))
			w.Flush()
			if b.String() != tt.in {
				t.Errorf("compact layout of %s = %s", tt.in, b.String())
			}
		})
	}
}
