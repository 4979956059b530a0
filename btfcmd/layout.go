package btfcmd

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/decl"
	"github.com/gobpftool/gobpftool/internal/render"
)

// layout answers "btf layout".
func layout(_ context.Context, c *call.Call) error {
	wanted, err := readWanted(c.Args)
	if err != nil {
		return err
	}
	s, err := readSource(c)
	if err != nil {
		return err
	}
	if err := c.Args.Done(); err != nil {
		return err
	}
	ids, err := find(s.spec, wanted)
	if err != nil {
		return err
	}
	if len(ids) > 1 {
		return render.All(c.Out, layouts(s.spec, ids))
	}
	for l, err := range layouts(s.spec, ids) {
		if err != nil {
			return err
		}
		return c.Out.One(l)
	}
	return nil
}

// A want is a name of structs and unions that are asked for.
type want struct {
	keyword string // "struct", "union", or "" for either
	pattern string
}

// readWanted reads the names of types, and the word that ends them. Words are in
// full, since types may be called like the start of one.
func readWanted(a *args.Args) ([]want, error) {
	var list []want
	for a.Len() > 0 || list == nil {
		word, err := a.Next(1)
		switch {
		case err != nil:
			return nil, err
		case word == "from" && list != nil:
			return list, a.Need(1)
		}
		w := want{pattern: word}
		if word == "struct" || word == "union" {
			w.keyword = word
			if w.pattern, err = a.Next(1); err != nil {
				return nil, err
			}
		}
		list = append(list, w)
	}
	return list, nil
}

// find returns the structs and unions that are wanted, in the order in which they
// are asked for, each of them once. Typedefs are followed.
func find(spec *btf.Spec, wanted []want) ([]btf.ID, error) {
	var found []btf.ID
	seen := make(map[btf.ID]bool)
	for _, w := range wanted {
		ids, err := w.find(spec)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				found = append(found, id)
			}
		}
	}
	return found, nil
}

func (w want) find(spec *btf.Spec) ([]btf.ID, error) {
	ids, err := spec.Types(w.pattern)
	if err != nil {
		return nil, err
	}
	what := cmp.Or(w.keyword, "struct or union")
	var found []btf.ID
	for _, id := range ids {
		t, err := spec.Resolve(id)
		if err != nil {
			return nil, err
		}
		if keyword(t.Kind) == "" || w.keyword != "" && (w.keyword != keyword(t.Kind) || t.ID != id) {
			continue
		}
		found = append(found, t.ID)
	}
	if found == nil {
		return nil, fmt.Errorf("no %s is called '%s'", what, w.pattern)
	}
	slices.Sort(found)
	return found, nil
}

// keyword returns the word of C for a kind that has members, or "".
func keyword(k btf.Kind) string {
	switch k {
	case btf.Struct:
		return "struct"
	case btf.Union:
		return "union"
	}
	return ""
}

// layouts yields the layouts of structs and unions.
func layouts(spec *btf.Spec, ids []btf.ID) iter.Seq2[*Layout, error] {
	return func(yield func(*Layout, error) bool) {
		names, err := decl.NewSpeller(spec)
		if err != nil {
			yield(nil, err)
			return
		}
		for i, id := range ids {
			l, err := describeLayout(spec, names, id)
			if err != nil {
				yield(nil, err)
				return
			}
			l.follows = i > 0
			if !yield(l, nil) {
				return
			}
		}
	}
}
