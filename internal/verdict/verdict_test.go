package verdict

import (
	"encoding/json"
	"testing"
)

func TestFaces(t *testing.T) {
	for _, tt := range []struct {
		v            Verdict
		text, inJSON string
	}{
		{Verdict{}, "unknown", `{"verdict":"unknown"}`},
		{Verdict{Yes, "it was made"}, "yes (it was made)", `{"verdict":"yes","evidence":"it was made"}`},
		{Verdict{Answer: No}, "no", `{"verdict":"no"}`},
		{Verdict{Denied, "EPERM"}, "denied (EPERM)", `{"verdict":"denied","evidence":"EPERM"}`},
	} {
		b, err := json.Marshal(tt.v)
		if err != nil || string(b) != tt.inJSON {
			t.Errorf("JSON is %s, %v; want %s", b, err, tt.inJSON)
		}
		if got := tt.v.String(); got != tt.text {
			t.Errorf("text is %q, want %q", got, tt.text)
		}
		var again Verdict
		if err := json.Unmarshal(b, &again); err != nil || again != tt.v {
			t.Errorf("read back: %+v, %v", again, err)
		}
	}
	if err := json.Unmarshal([]byte(`"maybe"`), new(Answer)); err == nil {
		t.Error("maybe is an answer")
	}
}

func TestAll(t *testing.T) {
	for _, tt := range []struct {
		list []Answer
		want Answer
	}{
		{nil, Yes},
		{[]Answer{Yes, Yes}, Yes},
		{[]Answer{Yes, Unknown}, Unknown},
		{[]Answer{Unknown, Denied, Yes}, Denied},
		{[]Answer{Denied, Unknown, No}, No},
	} {
		if got := All(tt.list...); got != tt.want {
			t.Errorf("All(%v) = %v, want %v", tt.list, got, tt.want)
		}
	}
}
