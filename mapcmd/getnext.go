package mapcmd

import (
	"bufio"
	"context"
	"fmt"

	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Step leads from one key to the next.
type Step struct {
	Key  []byte // nil before the first
	Next []byte
}

// AppendJSON implements [render.Appender].
func (s *Step) AppendJSON(b []byte) []byte {
	b = append(b, `{"key":`...)
	if s.Key == nil {
		b = append(b, "null"...)
	} else {
		b = render.AppendHexList(b, s.Key)
	}
	b = append(b, `,"next_key":`...)
	return append(render.AppendHexList(b, s.Next), '}')
}

// Plain implements [render.Fact].
func (s *Step) Plain(w *bufio.Writer) {
	if s.Key == nil {
		fmt.Fprint(w, "key: None\n")
	} else {
		fmt.Fprintf(w, "key:\n%s\n", render.AppendHex(nil, s.Key))
	}
	fmt.Fprintf(w, "next key:\n%s\n", render.AppendHex(nil, s.Next))
}

// getnext answers "map getnext MAP [key DATA]".
func getnext(_ context.Context, c *call.Call) error {
	t, err := open(c, bpf.ReadOnly)
	if err != nil {
		return err
	}
	defer t.FD.Close()
	parts := 0
	if c.Args.Len() > 0 {
		parts = withKey
	}
	e, err := t.readElement(c, parts)
	if err != nil {
		return err
	}
	defer e.Close()
	s := &Step{Key: e.key, Next: t.NewKey()}
	if err := bpf.NextKey(t.FD, s.Key, s.Next); err != nil {
		return t.Failure("getnext", err)
	}
	return c.Out.One(s)
}
