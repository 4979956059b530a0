package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	type label struct {
		Name string `json:"name"`
	}
	type part struct {
		label
		Sizes struct{ Key int } `json:"sizes"`
	}
	type id struct {
		ID int `json:"id"`
	}
	tests := []struct {
		name, in string
		want     string // what Join makes of it, or the error
	}{
		{"each its own keys", `{"sizes":{"Key":4},"id":7,"name":"a"}`, `{"id":7,"name":"a","sizes":{"Key":4}}`},
		{"keys left out", `{"name":"a"}`, `{"id":0,"name":"a","sizes":{"Key":0}}`},
		{"a key of nobody", `{"id":7,"size":1,"Name":"a"}`, `unknown keys: Name size`},
		{"a key of nobody below", `{"sizes":{"Value":4}}`, `json: unknown field "Value"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var first id
			var second part
			err := Split([]byte(tt.in), &first, nil, &second)
			got, _ := Join(first, second)
			if err != nil {
				got = []byte(err.Error())
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("Split(%s) (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}
