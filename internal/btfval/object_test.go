package btfval

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestObjectAgain reads back what was written as JSON.
func TestObjectAgain(t *testing.T) {
	const text = `{"zeta":1.50,"alpha":"a<b","":{"x":null},"":[],"list":[1,[2,{"y":-1.5}]]}`
	var o Object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	b, err := o.MarshalJSON()
	if diff := cmp.Diff(text, string(b)); diff != "" || err != nil {
		t.Errorf("JSON (-want +got):\n%s%v", diff, err)
	}
	if diff := cmp.Diff(text, string(o.AppendPlain(nil))); diff != "" {
		t.Errorf("plain (-want +got):\n%s", diff)
	}
	for _, bad := range []string{`[]`, `1`, `null`} {
		if err := o.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s is taken for an object", bad)
		}
	}
}

// TestObjectOnOneLine reads what was written for people.
func TestObjectOnOneLine(t *testing.T) {
	var o Object
	if err := json.Unmarshal([]byte("{\n\t\"a\": [\n1, \"x y\"\n]}"), &o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"a":[1,"x y"]}`, string(o.AppendPlain(nil))); diff != "" {
		t.Errorf("plain (-want +got):\n%s", diff)
	}
}
