package object

import (
	"context"
	"slices"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/elfobj"
	"github.com/gobpftool/gobpftool/internal/reloc"
	"github.com/gobpftool/gobpftool/internal/render"
)

// relocs answers "object relocs".
func relocs(ctx context.Context, c *call.Call) error {
	path, err := c.Args.Next(1)
	if err != nil {
		return err
	}
	paths, err := typePaths(c.Args)
	if err != nil {
		return err
	}
	object, err := open(path)
	if err != nil {
		return err
	}
	funcs := slices.Concat(object.Programs, object.Uncalled())
	targets, err := openTargets(paths, c.BaseBTF)
	if err != nil {
		return err
	}
	s := relocSum{}
	if err := render.All(c.Out, func(yield func(*reloc.Fact, error) bool) {
		for _, t := range targets {
			for _, p := range funcs {
				if !s.program(object, p, t, len(targets) > 1, yield) || ctx.Err() != nil {
					return
				}
			}
		}
	}); err != nil {
		return err
	}
	c.Out.Note("%s", s.Sum.String())
	if s.fails {
		return call.ErrNo
	}
	return ctx.Err()
}

// typePaths reads the words "btf BTF", of which there may be many.
func typePaths(a *args.Args) (paths []string, err error) {
	for a.Len() > 0 {
		if !a.Is("btf") {
			return nil, a.Done()
		}
		path, err := a.Next(1)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// A relocSum counts relocations, and knows what was written last.
type relocSum struct {
	reloc.Sum
	fails  bool // a program that is loaded unless something else is said
	target *kernelTypes
}

// program yields the relocations of one program, or of a function that none calls.
func (s *relocSum) program(o *elfobj.Object, p *elfobj.Func, t *kernelTypes, several bool, yield func(*reloc.Fact, error) bool) bool {
	results := evaluate(o, p, t.target)
	for i, r := range reloc.Of(o, p, t.path, several && s.target != t, results) {
		s.target = t
		s.Add(r)
		class, fails := classify(p, &results[i])
		s.fails = s.fails || fails && class == Required
		if !yield(r, nil) {
			return false
		}
	}
	return true
}
