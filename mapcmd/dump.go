package mapcmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/gobpftool/gobpftool/internal/args"
	"github.com/gobpftool/gobpftool/internal/bpf"
	"github.com/gobpftool/gobpftool/internal/call"
	"github.com/gobpftool/gobpftool/internal/entries"
	"github.com/gobpftool/gobpftool/internal/names"
	"github.com/gobpftool/gobpftool/internal/pick"
	"github.com/gobpftool/gobpftool/internal/render"
)

// A Heading says which of several maps the entries that follow are of.
type Heading struct {
	ID    uint32        `json:"id"`
	Type  names.MapType `json:"type"`
	Name  string        `json:"name,omitempty"`
	Flags uint32        `json:"flags"`
}

// Plain implements [render.Fact].
func (h *Heading) Plain(w *bufio.Writer) {
	m := Map{ID: h.ID, Type: h.Type, Name: h.Name, Flags: h.Flags}
	m.plainHead(w)
	fmt.Fprintln(w)
}

// heading describes the map.
func (t *table) heading() *Heading {
	return &Heading{ID: t.Info.ID, Type: names.MapType(t.Info.Type), Name: t.Info.Name(), Flags: t.Info.Flags}
}

// dump answers "map dump MAP [inner]".
func dump(_ context.Context, c *call.Call) error {
	d := dumper{talk: c.Talk, follow: c.Args.Len() == 3 && c.Args.Ends("inner")}
	if c.Args.Len() != 2 {
		return call.ErrHelp
	}
	fds, err := pick.Maps(c.Args)
	if err != nil {
		return err
	}
	tables, err := newTables(fds, c.Talk)
	defer closeTables(tables)
	if err != nil {
		return err
	}
	if d.follow && !slices.ContainsFunc(tables, func(t *table) bool { return t.Maps }) {
		return args.Errorf("map %d has no maps in it", tables[0].Info.ID)
	}
	warn(c.Talk, tables)
	return d.tables(c.Out, tables)
}

// warn says which values there are that cannot be read.
func warn(talk *render.Talk, tables []*table) {
	for _, t := range tables {
		if t.Type() == "reuseport_sockarray" && t.Info.ValueSize != 8 {
			talk.Warn("Warning: cannot read values from reuseport_sockarray map with value_size != 8")
		}
	}
}

// A dumper prints entries of maps.
type dumper struct {
	talk   *render.Talk
	follow bool // into the maps that are in maps
	typed  bool // by their types only, in plain text
}

// tables prints the entries of several maps. In plain text they are shown by
// their types if all maps have such.
func (d dumper) tables(p *render.Printer, tables []*table) error {
	if len(tables) == 1 {
		return d.table(p, tables[0])
	}
	untyped := func(t *table) bool { return !t.BTF }
	if p.IsJSON() || slices.ContainsFunc(tables, untyped) {
		return d.list(p, tables)
	}
	d.typed = true
	return p.Lookalike(func(p *render.Printer) error { return d.list(p, tables) })
}

// list prints the entries of several maps, each below its heading.
func (d dumper) list(p *render.Printer, tables []*table) error {
	return p.Array(func() error {
		for i, t := range tables {
			if i > 0 {
				p.Note("\n")
			}
			if err := p.Section(t.heading(), "elements", func() error { return d.elements(p, t) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// table prints the entries of one map.
func (d dumper) table(p *render.Printer, t *table) error {
	if p.IsJSON() || !t.BTF {
		return d.elements(p, t)
	}
	d.typed = true
	return p.Lookalike(func(p *render.Printer) error { return d.elements(p, t) })
}

// elements prints the entries of one map in the format that has been chosen, and
// in plain text how many there are. What has no entries shows what it has.
func (d dumper) elements(p *render.Printer, t *table) error {
	n := 0
	switch typ := t.Type(); {
	case typ == "ringbuf", typ == "user_ringbuf":
		return render.All(p, t.positions)
	case typ == "arena":
		return found(p, "page", &n, render.All(p, counted(t.pages, &n)))
	case d.typed && t.Value != nil:
		return render.All(p, typedEntries(t.All()))
	case d.follow && t.Maps:
		return found(p, "element", &n, d.inner(p, t, &n))
	}
	return found(p, "element", &n, render.All(p, facts(counted(t.All(), &n))))
}

// found says in plain text how many things were printed, unless that failed.
func found(p *render.Printer, what string, n *int, err error) error {
	if err == nil {
		p.Note("Found %d %s%s\n", *n, what, plural(*n))
	}
	return err
}

// inner prints the entries of a map of maps, each with the entries of its map.
func (d dumper) inner(p *render.Printer, t *table, n *int) error {
	return p.Array(func() error {
		for e, err := range counted(t.All(), n) {
			if err != nil {
				return p.Fail(err)
			}
			if e.Err != nil { // there is no map to follow
				p.One(e)
				continue
			}
			if err := p.Section(e, "inner_map", func() error { return d.mapOf(p, e) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// mapOf prints the entries of the map that an entry has. If the map is gone, there
// is nothing to print.
func (d dumper) mapOf(p *render.Printer, e *entries.Entry) error {
	fd, err := bpf.Open(bpf.Map, e.InnerID())
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return p.Fail(pick.Permitted(fmt.Errorf("get map by id (%d): %w", e.InnerID(), err)))
	}
	defer fd.Close()
	shown, err := entries.NewShownTable(fd, d.talk)
	if err != nil {
		return p.Fail(err)
	}
	t := &table{shown}
	return p.Indented(func(p *render.Printer) error {
		return p.Section(t.heading(), "elements", func() error { return d.table(p, t) })
	})
}

// counted counts what there is: entries only if they can be read.
func counted[T any](seq iter.Seq2[T, error], n *int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v, err := range seq {
			if e, ok := any(v).(*entries.Entry); err == nil && (!ok || e.Err == nil) {
				*n++
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

// facts makes facts of entries.
func facts(seq iter.Seq2[*entries.Entry, error]) iter.Seq2[render.Fact, error] {
	return func(yield func(render.Fact, error) bool) {
		for e, err := range seq {
			var f render.Fact
			if err == nil {
				f = e.Fact()
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// typedEntries shows entries by their types.
func typedEntries(seq iter.Seq2[*entries.Entry, error]) iter.Seq2[entries.Typed, error] {
	return func(yield func(entries.Typed, error) bool) {
		for e, err := range seq {
			if !yield(entries.Typed{Entry: e}, err) {
				return
			}
		}
	}
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// newTables asks the kernel about maps. The descriptors belong to the tables, also
// if there is an error, which is that of the first map that has one.
func newTables(fds []bpf.FD, talk *render.Talk) ([]*table, error) {
	var list []*table
	var first error
	for _, fd := range fds {
		t, err := entries.NewShownTable(fd, talk)
		if err != nil {
			t = &entries.Table{FD: fd}
		}
		if first == nil {
			first = err
		}
		list = append(list, &table{t})
	}
	return list, first
}

func closeTables(list []*table) {
	for _, t := range list {
		t.FD.Close()
	}
}
