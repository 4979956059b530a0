package link

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestUnmarshalUnknown(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"no target", `{"id":1,"type":"unspec","prog_id":2}`, "<nil>"},
		{"of another type", `{"id":1,"type":"xdp","prog_id":2,"devname":"lo","map_id":3}`, "unknown keys: map_id"},
		{"of another event", `{"id":1,"type":"perf_event","prog_id":2,"tracepoint":"a","func":"b"}`, "unknown keys: func"},
		{"in a list", `{"id":1,"type":"uprobe_multi","prog_id":2,"funcs":[{"addr":7}]}`, `json: unknown field "addr"`},
		{"unknown type", `{"id":1,"type":"new","prog_id":2}`, `unknown name "new"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := json.Unmarshal([]byte(tt.in), new(Link))
			if got := fmt.Sprint(err); got != tt.want {
				t.Errorf("Unmarshal(%s) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}
