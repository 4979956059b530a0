package elfobj

import "testing"

func TestX(t *testing.T) {
	for _, n := range []string{"maps", "slots", "data", "externs", "calls", "within", "structops", "core", "legacy", "arena", "library"} {
		for _, e := range []string{"el", "eb"} {
			o, err := Open("testdata/" + n + ".bpf" + e + ".o")
			if err != nil {
				t.Error(n, e, err)
				continue
			}
			t.Log(n, e, "\n"+dump(o))
		}
	}
}
