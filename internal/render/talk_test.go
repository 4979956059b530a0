package render

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"
)

// TestTalk shows what is said to whom: nothing to those who read JSON, progress
// only to those who sit at a terminal and have waited.
func TestTalk(t *testing.T) {
	hinted := fmt.Errorf("listing: %w", Hinted{Err: errors.New("denied"), Hint: "be root"})
	talk := func(k *Talk) {
		k.Progress("%d of %d", 1, 2)
		k.Progress("%d of %d", 2, 2)
		k.Warn("skipping %s", "this")
		k.Hint(hinted)
		k.Hint(errors.New("without advice"))
		k.Progress("again")
		k.Done()
		k.Done()
	}
	const said = "skipping this\nhint: be root\n"
	tests := []struct {
		name            string
		quiet, terminal bool
		waited          time.Duration
		want            string
	}{
		{"to a file", false, false, time.Hour, said},
		{"beside JSON", true, true, time.Hour, ""},
		{"to a terminal, at once", false, true, 0, said},
		{"to a terminal, later", false, true, time.Hour, "1 of 2\r\x1b[K2 of 2\r\x1b[K" + said + "again\r\x1b[K"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			k := NewTalk(&b, tt.quiet)
			k.terminal = tt.terminal
			k.start = k.start.Add(-tt.waited)
			talk(k)
			if b.String() != tt.want {
				t.Errorf("said %q, want %q", b.String(), tt.want)
			}
		})
	}
}

func TestHintedUnwraps(t *testing.T) {
	cause := errors.New("denied")
	if err := error(Hinted{cause, "be root"}); !errors.Is(err, cause) || err.Error() != "denied" {
		t.Errorf("Hinted is %q", err)
	}
}
