package btfcmd

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/btf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/render"
)

// layout answers "btf layout".
func layout(_ context.Context, c *call.Call) error {
	wanted, err := readNames(c.Args)
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
	list, err := find(s.spec, wanted)
	if err != nil {
		return err
	}
	if len(list) > 1 {
		return render.All(c.Out, layouts(s.spec, list))
	}
	for l, err := range layouts(s.spec, list) {
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

// readNames reads the names of types, and the word that ends them. Words are in
// full, since types may be called like the start of one.
func readNames(a *args.Args) ([]want, error) {
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

// A subject is a struct or union that is laid out.
type subject struct {
	id      btf.ID
	typedef string // by which it is asked for if it has no name
}

// find returns the structs and unions that are wanted, in the order in which they
// are asked for, each of them once. Typedefs are followed.
func find(spec *btf.Spec, wanted []want) ([]subject, error) {
	var found []subject
	seen := make(map[btf.ID]bool)
	for _, w := range wanted {
		list, err := w.find(spec)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if !seen[s.id] {
				seen[s.id] = true
				found = append(found, s)
			}
		}
	}
	return found, nil
}

func (w want) find(spec *btf.Spec) ([]subject, error) {
	ids, err := spec.Types(w.pattern)
	if err != nil {
		return nil, err
	}
	var found []subject
	for _, id := range ids {
		t, err := spec.Resolve(id)
		if err != nil {
			return nil, err
		}
		word := keyword(t.Kind)
		switch {
		case word == "" || w.keyword != "" && w.keyword != word:
		case t.ID == id:
			found = append(found, subject{id: id})
		case w.keyword == "": // one with a keyword is no typedef
			found = append(found, subject{t.ID, typedef(spec, id, t)})
		}
	}
	if found == nil {
		return nil, fmt.Errorf("no %s is called '%s'", cmp.Or(w.keyword, "struct or union"), w.pattern)
	}
	return found, nil
}

// typedef returns the name of a typedef of t, unless t has one of its own.
func typedef(spec *btf.Spec, id btf.ID, t btf.Type) string {
	def, err := spec.Type(id)
	if err != nil || t.Name != "" {
		return ""
	}
	return def.Name
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
func layouts(spec *btf.Spec, list []subject) iter.Seq2[*Layout, error] {
	return func(yield func(*Layout, error) bool) {
		k := newWalk(spec)
		for i, s := range list {
			l, err := k.layout(s.id)
			if err != nil {
				yield(nil, err)
				return
			}
			l.Typedef, l.follows = s.typedef, i > 0
			if !yield(l, nil) {
				return
			}
		}
	}
}
