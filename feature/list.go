package feature

import (
	"bufio"
	"context"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Builtin is a name that the tool knows.
type Builtin string

// Plain implements [render.Fact].
func (b Builtin) Plain(w *bufio.Writer) { w.WriteString(string(b) + "\n") }

// listBuiltins answers "feature list_builtins". Words behind the group are ignored, as in bpftool.
func listBuiltins(_ context.Context, c *call.Call) error {
	if c.Args.Len() == 0 {
		return call.ErrHelp
	}
	list, err := builtins(c.Args)
	if err != nil {
		return err
	}
	return render.All(c.Out, func(yield func(Builtin, error) bool) {
		for _, name := range list {
			if !yield(Builtin(name), nil) {
				return
			}
		}
	})
}

// builtins returns the names of the group that a word asks for.
func builtins(a *args.Args) ([]string, error) {
	switch {
	case a.Is("prog_types"):
		return names.ProgTypes(), nil
	case a.Is("map_types"):
		return append([]string{names.MapType(0).String()}, names.MapTypes()...), nil
	case a.Is("attach_types"):
		return names.AttachTypes(), nil
	case a.Is("link_types"):
		return names.LinkTypes(), nil
	case a.Is("helpers"):
		return names.Helpers(), nil
	}
	return nil, args.Errorf("expected 'prog_types', 'map_types', 'attach_types', 'link_types' or 'helpers', got: %s", a.Peek())
}
